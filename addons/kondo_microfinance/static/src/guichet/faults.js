import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";

const SESSION_EXPIRED = "odoo.http.SessionExpiredException";

/**
 * The server's refusal in the user's words, or null when the request has no answer: a cut line, an expired login and
 * a fault of the server all leave open whether it was carried out.
 *
 * @param {Error} error
 * @returns {string|null}
 */
export function refusalOf(error) {
    if (error instanceof RPCError && error.exceptionName?.startsWith("odoo.exceptions.")) {
        return error.data.message;
    }
    return null;
}

/**
 * Why there is no answer.
 *
 * @param {Error} error
 * @returns {"connection"|"login"|"server"}
 */
export function faultOf(error) {
    if (!(error instanceof RPCError)) {
        return "connection";
    }
    return error.exceptionName === SESSION_EXPIRED ? "login" : "server";
}

/**
 * One sentence for the person at the counter, whatever happened to a request that only reads.
 *
 * @param {Error} error
 * @returns {string}
 */
export function sentenceOf(error) {
    const sentences = {
        connection: _t("The server does not answer. Check the connection and try again."),
        login: _t("Your login has expired. Reload the page and sign in again."),
        server: _t("The server could not answer. Tell the administrator if it happens again."),
    };
    return refusalOf(error) ?? sentences[faultOf(error)];
}
