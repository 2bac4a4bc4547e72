"""Sittings of the committees in the demonstration, from the roll to the signed minutes; today's only begins."""

PLACE = "Salle de réunion de la caisse"


def network(life):
    """The union's responsable, at work in every caisse."""
    user = life.staff[None]["network"]
    env = life.as_user(user)
    return env(context={**env.context, "allowed_company_ids": user.company_ids.ids})


def sit(life, counter, body="caisse"):
    """A sitting from the roll to the signed minutes; the president of the union's sits in Ségou."""
    at_union = body == "union"
    keeper = network(life) if at_union else life.as_user(counter.staff["manager"])
    company = life.union if at_union else counter.company
    committee = open_sitting(life, keeper, company, body)
    committee.attendance_ids.write({"present": True})
    if not at_union:
        committee.attendance_ids[-1].present = False
    life.env.cr.commit()
    for loan in committee._waiting().sorted("id"):
        life.lending.later(life, 4, 9)
        decide(life, loan, committee, life.lending.requests[loan.id])
    committee.notes = "Les procès-verbaux de la séance précédente ont été lus et approuvés."
    committee.action_close()
    life.env.cr.commit()


def open_sitting(life, keeper, company, body):
    life.lending.later(life)
    return keeper["kondo.loan.committee"].create(
        {
            "company_id": company.id,
            "body": body,
            "held_on": life.date,
            "place": PLACE if body == "caisse" else "Siège de l'union, Ségou",
        }
    )


def decide(life, loan, committee, request):
    """What the committee says; a file that is given up was granted first."""
    values = {
        "changed": {"amount": request.more.get("changed"), "reason": "Montant ramené à la capacité de remboursement"},
        "deferred": {"reason": "Visite à refaire : l'activité n'a pas été vue"},
        "refused": {"reason": "Capacité de remboursement insuffisante", "votes_for": 3, "votes_blank": 1},
    }
    decision = "granted" if request.decision == "given_up" else request.decision
    loan.decide(committee.id, decision, values.get(decision))
    life.env.cr.commit()
    life.count += decision in ("granted", "changed")
    if request.decision == "given_up":
        loan.action_cancel("Le membre a trouvé un acheteur qui paie d'avance")
        life.env.cr.commit()


def call_sitting(life, counter):
    """Today's sitting: the members are there, the files wait for the projector."""
    committee = open_sitting(life, life.as_user(counter.staff["manager"]), counter.company, "caisse")
    committee.attendance_ids[:4].write({"present": True})
    life.env.cr.commit()
