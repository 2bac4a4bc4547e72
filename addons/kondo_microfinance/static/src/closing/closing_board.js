import { Component, onWillDestroy, onWillStart, status, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const REFRESH = 2000;
const REFRESH_IDLE = 30000; // somebody else may close a caisse, or a job that was cut off may be taken up
const BUSY = new Set(["queued", "running"]);

/**
 * The evening of the network: caisses down, families of steps across, each cell a colour and a time. A click on a cell
 * unfolds its steps with what they did or why they stopped. While something runs the board is read again by itself.
 */
export class ClosingBoard extends Component {
    static template = "kondo_microfinance.ClosingBoard";
    static props = { ...standardActionServiceProps };
    static displayName = _t("Close the day");

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.orm = useService("orm");
        this.state = useState({ board: null, open: null, asking: false });
        onWillStart(() => this.load());
        onWillDestroy(() => clearTimeout(this.timer));
    }

    async load() {
        clearTimeout(this.timer);
        const board = await this.orm.silent.call("kondo.closing", "board", []);
        if (status(this) === "destroyed") {
            return;
        }
        this.state.board = board;
        this.wait(board.caisses.some((caisse) => BUSY.has(caisse.state)) ? REFRESH : REFRESH_IDLE);
    }

    /** Look again in a moment; a line that is down for a while does not stop that. */
    wait(delay) {
        clearTimeout(this.timer);
        this.timer = setTimeout(async () => {
            if (document.hidden) {
                this.wait(delay);
                return;
            }
            try {
                await this.load();
            } catch (error) {
                if (!(error instanceof ConnectionLostError)) {
                    throw error;
                }
                this.wait(delay);
            }
        }, delay);
    }

    // ------------------------------------------------------------------ cells
    stepsOf(family) {
        return this.state.board.steps.filter((step) => step.family === family.key);
    }

    cellsOf(caisse, family) {
        return this.stepsOf(family).map((step) => ({ ...step, ...caisse.steps[step.code] }));
    }

    /** A family is as good as the worst of its steps. */
    stateOf(caisse, family) {
        const states = new Set(this.cellsOf(caisse, family).map((cell) => cell.state));
        return ["failed", "interrupted", "running", "waiting", "warned"].find((state) => states.has(state)) || "done";
    }

    toneOf(state) {
        return {
            failed: "danger",
            interrupted: "danger",
            running: "warning",
            warned: "warning",
            done: "success",
            waiting: "light",
        }[state];
    }

    secondsOf(caisse, family) {
        const seconds = this.cellsOf(caisse, family).reduce((sum, cell) => sum + cell.seconds, 0);
        return this.time(seconds);
    }

    time(seconds) {
        return seconds < 60
            ? `${seconds.toFixed(1).replace(".", ",")} s`
            : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
    }

    wordOf(state) {
        return {
            failed: _t("Stopped"),
            interrupted: _t("Interrupted"),
            running: _t("Under way"),
            warned: _t("To see"),
            done: _t("Done"),
            waiting: _t("To come"),
        }[state];
    }

    isOpen(caisse, family) {
        return this.state.open === `${caisse.id},${family.key}`;
    }

    unfold(caisse, family) {
        this.state.open = this.isOpen(caisse, family) ? null : `${caisse.id},${family.key}`;
    }

    get unfolded() {
        const [id, key] = (this.state.open || ",").split(",");
        const caisse = this.state.board.caisses.find((one) => String(one.id) === id);
        const family = this.state.board.families.find((one) => one.key === key);
        return caisse && family ? { caisse, family, cells: this.cellsOf(caisse, family) } : null;
    }

    canPreview(caisse) {
        return caisse.day && caisse.state !== "closed" && !caisse.blocked && !BUSY.has(caisse.state);
    }

    canClose(caisse) {
        return this.state.board.can_close && ["open", "stopped", "interrupted"].includes(caisse.state) && !caisse.blocked;
    }

    get closedWords() {
        return _t("%(closed)s of %(total)s", { closed: this.state.board.closed, total: this.state.board.total });
    }

    get toClose() {
        return this.state.board.caisses.filter((caisse) => this.canClose(caisse));
    }

    // ------------------------------------------------------------------ actions
    async preview(caisse) {
        this.state.asking = true;
        try {
            this.action.doAction(await this.orm.call("res.company", "action_preview_closing", [[caisse.id]]));
        } finally {
            this.state.asking = false;
        }
    }

    async close(caisses) {
        this.state.asking = true;
        try {
            await this.orm.call("kondo.closing", "close_caisses", [
                caisses.map((caisse) => caisse.id),
                caisses.map((caisse) => caisse.day),
            ]);
        } finally {
            this.state.asking = false;
            await this.load();
        }
    }

    /** What is asked about is read anew: a manager may have closed his caisse since the board was shown. */
    async closeAll() {
        await this.load();
        const caisses = this.toClose;
        this.dialog.add(ConfirmationDialog, {
            title: _t("Close the day"),
            body: _t("Close the day of %s caisses? Each of them is closed by itself; the others go on when one stops.", caisses.length),
            confirmLabel: _t("End the day"),
            confirm: () => this.close(caisses),
            cancel: () => {},
        });
    }

    openClosing(caisse) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "kondo.closing",
            res_id: caisse.closing_id,
            views: [[false, "form"]],
        });
    }

    async openProof(caisse) {
        this.action.doAction(await this.orm.call("kondo.reconcile", "open_proof", [caisse.id, caisse.day]));
    }

    openTills(caisse) {
        this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Open tills"),
            res_model: "kondo.till.session",
            views: [[false, "list"], [false, "form"]],
            domain: [["company_id", "=", caisse.id], ["state", "!=", "closed"]],
        });
    }
}

registry.category("actions").add("kondo_closing_board", ClosingBoard);
