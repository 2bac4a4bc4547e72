import { reactive } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { session } from "@web/session";
import { faultOf, refusalOf } from "./faults";
import { newUuid } from "./uuid";

const ANSWER_TIMEOUT = 10_000;
const LONGEST_PAUSE = 30_000;
const FAULTS_BEFORE_GIVING_UP = 3;

/**
 * Operations on their way to the server.
 *
 * An operation gets its UUID and is written to the browser's storage before its first send, and leaves the storage
 * when an answer has come. Until then it is asked again with the same UUID, which the server posts once only; a
 * reloaded page finds it in the storage and asks again. One storage key per database and user, so that a colleague
 * at the same computer never sends another's operation.
 */
export class Outbox {
    /**
     * @param {Object} options
     * @param {(entry: {kind: string, uuid: string, values: Object}) => Promise<Object>} options.ask one request
     * @param {Storage} options.storage
     * @param {string} options.key
     */
    constructor({ ask, storage, key }) {
        this.ask = ask;
        this.storage = storage;
        this.key = key;
        this.deliveries = new Map();
        /** The operation without an answer: its entry, `attempt`, `fault` (null while the first request runs). */
        this.awaited = null;
    }

    /** Entries without an answer, oldest first: {uuid, kind, values, summary}. */
    stored() {
        return Object.values(JSON.parse(this.storage.getItem(this.key) || "{}"));
    }

    /**
     * Send a new operation.
     *
     * @param {string} kind
     * @param {Object} values
     * @param {string} summary what the teller sees while the answer is awaited
     * @returns {Promise<{status: string, answer?: Object, message?: string}>} status "posted" with the answer,
     *     "approval", "refused" or "given_up" with a message
     */
    post(kind, values, summary) {
        const entry = { uuid: newUuid(), kind, values, summary };
        try {
            this._store(entry.uuid, entry);
        } catch {
            const message = _t("This browser cannot keep the operation. Free some space, then try again.");
            return Promise.resolve({ status: "refused", message: message });
        }
        return this.deliver(entry);
    }

    /** Ask for the answer of an entry until it comes; a second call joins the first. */
    deliver(entry) {
        if (!this.deliveries.has(entry.uuid)) {
            const delivery = this._deliver(entry).finally(() => {
                this.deliveries.delete(entry.uuid);
                this.awaited = null;
            });
            this.deliveries.set(entry.uuid, delivery);
        }
        return this.deliveries.get(entry.uuid);
    }

    /** Ask again now instead of waiting for the next turn. */
    askNow() {
        this._endPause?.("ask");
    }

    /** Forget an operation on which the server stumbled several times. */
    giveUp() {
        this._endPause?.("give_up");
    }

    async _deliver(entry) {
        this.awaited = { ...entry, attempt: 1, fault: null, canGiveUp: false };
        for (let faults = 0; ; this.awaited.attempt++) {
            try {
                const answer = await this.ask(entry);
                this._store(entry.uuid, null);
                return answer.needs_approval
                    ? { status: "approval", message: answer.message }
                    : { status: "posted", answer };
            } catch (error) {
                const message = refusalOf(error);
                if (message !== null) {
                    this._store(entry.uuid, null);
                    return { status: "refused", message };
                }
                this.awaited.fault = faultOf(error);
                faults += this.awaited.fault === "server";
                this.awaited.canGiveUp = faults >= FAULTS_BEFORE_GIVING_UP;
            }
            if ((await this._pause(this.awaited.attempt)) === "give_up") {
                this._store(entry.uuid, null);
                const message = _t("Set aside. See in the list below whether it was posted before you start again.");
                return { status: "given_up", message: message };
            }
        }
    }

    /** 1, 2, 4… seconds, shorter when somebody asks. */
    _pause(attempt) {
        return new Promise((resolve) => {
            const wait = Math.min(1000 * 2 ** (attempt - 1), LONGEST_PAUSE);
            const timer = browser.setTimeout(() => this._endPause("ask"), wait);
            this._endPause = (outcome) => {
                browser.clearTimeout(timer);
                this._endPause = null;
                resolve(outcome);
            };
        });
    }

    _store(uuid, entry) {
        const entries = JSON.parse(this.storage.getItem(this.key) || "{}");
        delete entries[uuid];
        if (entry) {
            entries[uuid] = entry;
        }
        this.storage.setItem(this.key, JSON.stringify(entries));
    }
}

/** One request to the door, ended after ten seconds without an answer. */
function askServer({ kind, uuid, values }) {
    const request = rpc(
        "/web/dataset/call_kw/kondo.operation/submit",
        {
            model: "kondo.operation",
            method: "submit",
            args: [kind, uuid, values],
            kwargs: { context: user.context },
        },
        { silent: true }
    );
    const timer = browser.setTimeout(() => request.abort(), ANSWER_TIMEOUT);
    return request.finally(() => browser.clearTimeout(timer));
}

export const outboxService = {
    start() {
        const key = `kondo.outbox.${session.db}.${user.userId}`;
        const outbox = reactive(new Outbox({ ask: askServer, storage: browser.localStorage, key }));
        browser.addEventListener("online", () => outbox.askNow());
        browser.addEventListener("beforeunload", (ev) => {
            // After an expired login the way on is to reload: the storage keeps the operation.
            if (outbox.awaited && outbox.awaited.fault !== "login") {
                ev.preventDefault();
                ev.returnValue = true;
            }
        });
        return outbox;
    },
};

registry.category("services").add("kondo_outbox", outboxService);
