import { Component, onWillUnmount, useEffect, useExternalListener, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useDebounced } from "@web/core/utils/timing";
import { sentenceOf } from "./faults";
import { useCounterFocus } from "./focus";

const DELAY = 150;

/**
 * A search box with its answers beneath: arrows choose, Enter takes, Escape leaves.
 *
 * Enter before the answers have come waits for them, and takes one only if it is alone: nobody is served blindly.
 */
export class Lookup extends Component {
    static template = "kondo_microfinance.Lookup";
    static props = {
        model: Object,
        focusName: String,
        placeholder: String,
        search: Function,
        onPick: Function,
        emptyQuery: { type: Boolean, optional: true },
        slots: Object,
    };

    setup() {
        this.state = useState({ query: "", items: [], active: 0, open: false, fault: "", searched: "" });
        this.input = useRef("input");
        this.root = useRef("root");
        this.turn = 0;
        this.searchSoon = useDebounced(() => this.search(), DELAY);
        useCounterFocus(this.props.model, this.props.focusName, this.input);
        useEffect(
            (typed) => {
                if (typed && this.props.model.focus.name === this.props.focusName) {
                    this.props.model.typed = "";
                    this.input.el.value = typed;
                    this.onInput();
                }
            },
            () => [this.props.model.typed]
        );
        useEffect(
            () => this.root.el.querySelector(".o_kondo_chosen")?.scrollIntoView({ block: "nearest" }),
            () => [this.state.active]
        );
        useExternalListener(window, "pointerdown", (ev) => {
            if (!this.root.el.contains(ev.target)) {
                this.state.open = false;
            }
        });
        onWillUnmount(() => this.turn++);
    }

    get isFresh() {
        return this.state.searched === this.state.query;
    }

    get nothingFound() {
        return _t("Nothing found for “%s”.", this.state.searched);
    }

    onInput() {
        this.state.query = this.input.el.value.trim();
        this.searchSoon();
    }

    onFocus() {
        this.props.model.focus.name = this.props.focusName;
        if (this.props.emptyQuery && !this.state.query) {
            this.search();
        }
    }

    async search() {
        const { query } = this.state;
        const turn = ++this.turn;
        if (!query && !this.props.emptyQuery) {
            Object.assign(this.state, { items: [], open: false, fault: "", searched: "" });
            return;
        }
        let items = [];
        let fault = "";
        try {
            items = await this.props.search(query);
        } catch (error) {
            fault = sentenceOf(error);
        }
        if (turn === this.turn) {
            Object.assign(this.state, { items, fault, active: 0, searched: query, open: Boolean(query || items.length) });
        }
    }

    async onKeydown(ev) {
        const { state } = this;
        if (ev.key === "Enter") {
            ev.preventDefault();
            ev.stopPropagation();
            await this.onEnter();
        } else if (ev.key === "Escape" && (state.open || state.query)) {
            ev.preventDefault();
            ev.stopPropagation();
            this.clear();
        } else if (["ArrowDown", "ArrowUp"].includes(ev.key) && state.items.length) {
            ev.preventDefault();
            state.open = true;
            const step = ev.key === "ArrowDown" ? 1 : -1;
            state.active = Math.min(Math.max(state.active + step, 0), state.items.length - 1);
        } else if (ev.key === "Tab") {
            state.open = false;
        }
    }

    async onEnter() {
        if (this.state.open && this.isFresh && this.state.items.length) {
            this.pick(this.state.items[this.state.active]);
        } else if (this.state.query) {
            this.searchSoon.cancel();
            await this.search();
            if (this.state.items.length === 1) {
                this.pick(this.state.items[0]);
            }
        }
    }

    pick(item) {
        this.clear();
        this.props.onPick(item);
    }

    clear() {
        this.searchSoon.cancel();
        this.turn++;
        this.input.el.value = "";
        Object.assign(this.state, { query: "", items: [], active: 0, open: false, fault: "", searched: "" });
    }
}
