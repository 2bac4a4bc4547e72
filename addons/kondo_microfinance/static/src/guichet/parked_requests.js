import { Component } from "@odoo/owl";

/** Operations put aside until a supervisor has decided, so that the queue goes on. */
export class ParkedRequests extends Component {
    static template = "kondo_microfinance.ParkedRequests";
    static props = { model: Object };

    level(request) {
        const levels = { waiting: "alert-warning", authorised: "alert-success", refused: "alert-danger" };
        return levels[request.decision.step];
    }
}
