import { browser } from "@web/core/browser/browser";

const PERIOD = 3000;

/** Looks every three seconds whether a supervisor has decided the requests of this teller. */
export class ApprovalWatch {
    /**
     * @param {(approvalId: number) => Promise<{state: string, reason: string, decided_by: string}>} ask
     */
    constructor(ask) {
        this.ask = ask;
        this.timers = new Map();
    }

    /**
     * @param {number} approvalId
     * @param {(status: Object) => void} onDecided called once, when the request is no longer pending
     */
    follow(approvalId, onDecided) {
        const look = async () => {
            const status = await this.ask(approvalId).catch(() => null);
            if (!this.timers.has(approvalId)) {
                return;
            }
            if (status && status.state !== "pending") {
                this.drop(approvalId);
                onDecided(status);
            } else {
                this.timers.set(approvalId, browser.setTimeout(look, PERIOD));
            }
        };
        this.timers.set(approvalId, browser.setTimeout(look, PERIOD));
    }

    drop(approvalId) {
        browser.clearTimeout(this.timers.get(approvalId));
        this.timers.delete(approvalId);
    }

    stop() {
        for (const approvalId of [...this.timers.keys()]) {
            this.drop(approvalId);
        }
    }
}
