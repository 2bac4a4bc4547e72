import { Component, onWillStart, useState } from "@odoo/owl";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { deserializeDate, serializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatInteger, formatFloat } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/**
 * Portfolio quality: what the server says in tables, each figure a button that opens its loans. Who comes back from a
 * list finds the same day, caisse and tab.
 */
export class PortfolioQuality extends Component {
    static template = "kondo_microfinance.PortfolioQuality";
    static components = { DateTimeInput };
    static props = { ...standardActionServiceProps };
    static displayName = _t("Portfolio quality");

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.latest = new KeepLast();
        const kept = this.props.state || {};
        this.state = useState({ filters: kept.filters || {}, tab: kept.tab || "quality", found: null, busy: false });
        useSetupAction({
            getLocalState: () => ({ filters: { ...this.state.filters }, tab: this.state.tab }),
        });
        onWillStart(() => this.load());
    }

    async load() {
        this.state.busy = true;
        try {
            const found = await this.latest.add(this.orm.call("kondo.portfolio", "read_tables", [this.state.filters]));
            this.state.found = found;
            this.state.filters = found.filters;
        } finally {
            this.state.busy = false;
        }
    }

    get tabs() {
        const { tables } = this.state.found;
        const of = (...keys) => tables.filter((table) => keys.includes(table.key));
        return [
            { key: "quality", label: _t("Portfolio at risk"), tables: of("quality") },
            { key: "ageing", label: _t("Ageing list"), tables: of("ageing") },
            { key: "roll", label: _t("Roll rates"), tables: of("roll") },
            { key: "campaign", label: _t("Campaign recovery"), tables: of("campaign") },
            { key: "provisions", label: _t("Provisions and losses"), tables: of("provisions", "losses") },
        ];
    }

    get shown() {
        return this.tabs.find((tab) => tab.key === this.state.tab).tables;
    }

    get isToday() {
        return this.state.filters.day >= this.state.found.choices.today;
    }

    // ------------------------------------------------------------------ what is asked
    async ask(change) {
        const before = { ...this.state.filters };
        Object.assign(this.state.filters, change);
        try {
            await this.load();
        } catch (error) {
            this.state.filters = before;
            throw error;
        }
    }

    /** Props of the input of a day. */
    dayInput(name, apply) {
        return {
            type: "date",
            class: "form-control form-control-sm",
            value: deserializeDate(this.state.filters[name]),
            ...(name === "day" ? { maxDate: deserializeDate(this.state.found.choices.today) } : {}),
            onApply: (value) => value && apply(serializeDate(value)),
        };
    }

    askDay(day) {
        if (day) {
            // the periods that follow the day are worked out anew
            return this.ask({ day, due_from: false, due_to: false, loss_from: false });
        }
    }

    show(tab) {
        this.state.tab = tab;
    }

    // ------------------------------------------------------------------ figures
    figure(column, value) {
        if (value === null || value === undefined) {
            return "–";
        }
        return column.kind === "share" ? `${this.percent(value)} %` : formatInteger(value);
    }

    percent(value) {
        return formatFloat(value, { digits: [16, 2] });
    }

    /** The small line under a figure: how many loans, what share. */
    beside(row, column) {
        const parts = [];
        if (column.count && row.counts[column.name]) {
            parts.push(formatInteger(row.counts[column.name]));
        }
        const share = column.share && row.shares[column.name];
        if (column.share && share !== null && share !== undefined && row.cells[column.name]) {
            parts.push(`${this.percent(share)} %`);
        }
        return parts.join(" · ");
    }

    opens(row, column) {
        return row.opens.includes(column.name) && (row.cells[column.name] || row.counts?.[column.name]);
    }

    async open(table, row, column) {
        const action = await this.orm.call("kondo.portfolio", "open_cell", [
            { ...this.state.filters },
            table.key,
            row.key,
            column.name,
        ]);
        await this.action.doAction(action);
    }

    openArrears() {
        return this.open({ key: "ageing" }, { key: "late" }, { name: "late" });
    }

    async print(format) {
        const report = await this.orm.call("kondo.portfolio", "print_tables", [{ ...this.state.filters }, format]);
        await this.action.doAction(report);
    }
}

registry.category("actions").add("kondo_portfolio", PortfolioQuality);
