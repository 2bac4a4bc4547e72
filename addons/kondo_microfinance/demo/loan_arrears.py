"""What officers of the demonstration do with who is late: calls, visits, promises, letters, a waiver, a new schedule."""

from datetime import timedelta

# days late from which a step is taken: its kind and what is noted
STEPS = (
    (4, "call", "Deux appels ; promet de passer au marché prochain"),
    (11, "promise", "Attend l'argent d'une vente à Bamako"),
    (18, "visit", "Visite à domicile avec un membre du comité ; le stock n'est pas vendu"),
    (24, "letter_1", "Remise en main propre"),
    (40, "letter_2", "Remise au chef de quartier, copie au comité"),
)
RESCHEDULED = 43  # the day on which a new schedule is agreed


def day(life, counter):
    """Steps with the late ones once a week, on the day after the market; a few decisions near the end."""
    number, last = life.days.index(life.date), len(life.days) - 1
    if number > 10 and life.date.weekday() == (counter.caisse.market_day + 2) % 6:
        follow(life, counter)
    if number == RESCHEDULED:
        reschedule(life, counter)
    if number == last - 3 and counter.caisse.code in ("NIO", "SEG"):
        waive(life, counter, decide=counter.caisse.code == "NIO")
    if number == last - 1 and counter.caisse.code == "NIO":
        promise_again(life, counter)


def late_loans(life, counter):
    return life.env["kondo.loan"].search(
        [("company_id", "=", counter.company.id), ("state", "=", "active"), ("days_late", ">", 0)], order="id"
    )


def follow(life, counter):
    """The next step with each who is late enough; few borrowers need the last ones."""
    officer = life.as_user(counter.staff["officer"])
    for loan in late_loans(life, counter):
        done = set(loan.followup_ids.mapped("kind"))
        step = next((step for step in STEPS if step[0] <= loan.days_late and step[1] not in done), None)
        if step:
            officer["kondo.loan.followup"].create(followup(life, loan, *step[1:]))
    life.env.cr.commit()


def followup(life, loan, kind, note):
    values = {"loan_id": loan.id, "kind": kind, "note": note, "day": life.date, "reached": kind != "letter_1"}
    if kind == "promise":
        values.update(promise_on=life.date + timedelta(days=7), promise_amount=max(1_000, loan.amount_late // 2))
    elif kind.startswith("letter"):
        values["deadline"] = life.date + timedelta(days=8)
    elif kind == "visit":
        values["next_on"] = life.date + timedelta(days=5)
    return values


def promise_again(life, counter):
    """Who is late the longest promises once more; his day has not come yet."""
    late = late_loans(life, counter).sorted("days_late")[-1:]
    if late:
        values = followup(life, late, "promise", "Son frère enverra l'argent d'Abidjan")
        life.as_user(counter.staff["officer"])["kondo.loan.followup"].create(values)
        life.env.cr.commit()


def reschedule(life, counter):
    """A trader whose shop burnt pays in more, smaller instalments: asked by the officer, agreed by the manager."""
    for loan in late_loans(life, counter):
        more = life.lending.requests[loan.id].more
        if "reschedule" not in more or loan.restructured:
            continue
        change = life.as_user(counter.staff["officer"])["kondo.loan.change"].create(
            {
                "loan_id": loan.id,
                "kind": "rescheduled",
                "instalments": more["reschedule"],
                "first_due": life.date + timedelta(days=5 if life.date.weekday() != 1 else 6),
                "reason": "Incendie au marché, une partie du stock a brûlé",
            }
        )
        life.env.cr.commit()
        change.with_env(life.as_user(counter.staff["manager"])).action_approve()
        life.env.cr.commit()


def waive(life, counter, decide):
    """Penalties given up to one who was ill; the manager decides, or has yet to."""
    loan = max(late_loans(life, counter), key=lambda loan: loan.penalties_unpaid, default=None)
    if not loan or not loan.penalties_unpaid:
        return
    waiver = life.as_user(counter.staff["officer"])["kondo.loan.waiver"].create(
        {"loan_id": loan.id, "amount": loan.penalties_unpaid, "reason": "Hospitalisation, certificat au dossier"}
    )
    life.env.cr.commit()
    if decide:
        waiver.with_env(life.as_user(counter.staff["manager"])).action_grant()
        life.env.cr.commit()
