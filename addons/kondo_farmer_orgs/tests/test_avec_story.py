import random
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import BaseCase, tagged

from odoo.addons.kondo_microfinance.engine.cash import make_up

from ..engine.avec import Book, Row, Standing, Terms, close_meeting, faults, share_out
from .common import OrgCase

STANDING = st.builds(Standing, st.integers(0, 200), st.integers(0, 10**6), st.integers(0, 10**5))


class TestAvecEngine(BaseCase):
    @given(st.integers(0, 10**8), st.lists(STANDING, max_size=30), st.sampled_from([1, 5, 25, 100]))
    def test_what_is_paid_and_what_stays_make_the_box(self, box, standings, unit):
        people = dict(enumerate(standings))
        parts, rest = share_out(box, people, unit)
        self.assertEqual(sum(part.paid for part in parts.values()) + rest, box)
        for person, part in parts.items():
            debt = people[person].loan + people[person].interest
            self.assertTrue(part.paid >= 0 and part.paid % unit == 0 and part.unpaid >= 0)
            self.assertEqual(part.deducted + part.unpaid, debt)
            if part.unpaid:  # said, and nothing is paid to who owes more than his shares are worth
                self.assertEqual(part.paid, 0)
        payers = [person for person, part in parts.items() if people[person].shares and not part.unpaid]
        if payers:
            self.assertLess(rest, unit)
            owed = sum(people[person].loan + people[person].interest for person in payers)
            worth = Fraction(box + owed, sum(people[person].shares for person in payers))
            for person in payers:
                exact = people[person].shares * worth - people[person].loan - people[person].interest
                self.assertLess(abs(parts[person].paid - exact), unit)

    @given(st.integers(0, 10**6), st.lists(st.integers(1, 50), min_size=2, max_size=30))
    def test_more_shares_are_never_paid_less(self, box, shares):
        parts, _rest = share_out(box, {rank: Standing(count) for rank, count in enumerate(shares)})
        order = sorted(range(len(shares)), key=lambda rank: shares[rank])
        paid = [parts[rank].paid for rank in order]
        for (low, less), (high, more) in zip(
            zip(order, paid, strict=True), list(zip(order, paid, strict=True))[1:], strict=False
        ):
            if shares[low] < shares[high]:
                self.assertLessEqual(less, more)

    def test_a_box_below_zero_is_not_shared(self):
        with self.assertRaises(ValueError):
            share_out(-1, {})

    def test_a_correction_leaves_nobody_with_less_than_nothing(self):
        terms = Terms(500)
        book = close_meeting(terms, Book(), [Row("Awa", shares=2), Row("Sira", shares=5)])
        fault = faults(terms, book, [Row("Awa", shares=-3, correction=True)])
        self.assertEqual(fault, [("Awa", "below_zero", 0)])


class AvecFixture:
    """Mixin: a savings group of 25 women at Molodo that has agreed on its rules."""

    def make_group(self, people=25, name="AVEC Sabougnouma"):
        group = self.make_member(name, member_kind="group", sex=False, org_form="avec", village_id=self.village.id)
        for rank in range(people):
            self.add_person(group, f"FEMME {rank + 1:02d}")
        return group

    def make_cycle(self, group, **values):
        return self.as_user(self.officer)["kondo.avec.cycle"].create(
            {
                "organisation_id": group.id,
                "name": "Cycle 1",
                "date_from": "2026-01-05",
                "share_value": 500,
                "social_contribution": 100,
                "loan_rate": 10,
                "rate_unit": "four_weeks",
                "fine_ids": [(0, 0, {"name": "Retard", "amount": 50})],
                **values,
            }
        )

    def meet(self, cycle, date, **values):
        return self.as_user(self.officer)["kondo.avec.meeting"].create({"cycle_id": cycle.id, "date": date, **values})

    def count(self, meeting):
        """The cash on the mat, as the book says."""
        meeting.write({"counts": make_up(meeting.box_after), "social_counted": meeting.social_after})
        return meeting

    def close(self, meeting):
        self.count(meeting).action_close()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestAvecStory(AvecFixture, OrgCase):
    """A cycle of the women of Molodo, and what may not happen in it."""

    def test_twenty_meetings_of_twenty_five_people_to_the_franc(self):
        """The book of the screen against a second one kept here by plain sums, then every franc shared out."""
        chance = random.Random(2017)
        group = self.make_group()
        account = self.make_account(group, self.demand)
        cycle = self.make_cycle(group)
        day = fields.Date.to_date("2026-01-05")
        people = group.org_membership_ids.person_id.sorted("name")
        shares, loans, interest = ({person: 0 for person in people} for _ in range(3))
        box = social = 0
        for number in range(1, 21):
            meeting = self.meet(cycle, day)
            self.assertEqual((meeting.number, len(meeting.line_ids)), (number, 25))
            for line in meeting.line_ids:
                person = line.person_id
                charged = loans[person] * 25 if number > 1 else 0  # 10 % for 28 days are 2,5 % for 7: thousandths
                charged = (2 * charged + 1000) // 2000 if number > 1 else 0
                self.assertEqual((line.loan_before, line.charged), (loans[person], charged))
                interest[person] += charged
                done = {"shares": chance.randint(1, 5), "social": 100}
                if chance.random() < 0.06:
                    done = {"present": False, "shares": 0, "social": 0}
                elif chance.random() < 0.1:
                    done.update(fine_id=cycle.fine_ids.id, fine=50)
                if interest[person] and done.get("present", True):
                    done["interest"] = interest[person]
                if loans[person] and (chance.random() < 0.4 if number < 19 else loans[person] > 400 * shares[person]):
                    done["principal"] = chance.randint(1, loans[person]) if number < 19 else loans[person]
                line.write(done)
                shares[person] += line.shares
                interest[person] -= line.interest
                loans[person] -= line.principal
                box += 500 * line.shares + line.interest + line.principal + line.fine
                social += line.social
            for line in meeting.line_ids:
                most = min(3 * 500 * shares[line.person_id] - loans[line.person_id], box)
                if line.present and number < 19 and most > 2_000 and chance.random() < 0.2:
                    line.taken = chance.randint(1_000, most)
                    loans[line.person_id] += line.taken
                    box -= line.taken
            if number == 5:  # a death in a family
                meeting.line_ids[3].aid = 7_500
                social -= 7_500
            if number == 8:
                meeting.write({"expense": 1_750, "expense_note": "Cahiers et cadenas"})
                box -= 1_750
            if number == 10:
                answer = self.submit("deposit", account, 10_000)
                meeting.operation_ids = self.operation(answer)
                box -= 10_000
            if number == 12:
                answer = self.submit("withdrawal", account, 10_000)
                meeting.operation_ids = self.operation(answer)
                box += 10_000
            if number == 15:  # a share written down for the wrong woman the week before
                meeting.correction_ids = [
                    (0, 0, {"person_id": people[one].id, "shares": change, "reason": "Part du 14", "correction": True})
                    for one, change in ((0, -1), (1, 1))
                ]
                shares[people[0]] -= 1
                shares[people[1]] += 1
            self.assertEqual((meeting.box_after, meeting.social_after), (box, social))
            self.close(meeting)
            day = fields.Date.add(day, days=7)
        self.assertEqual((cycle.box, cycle.social, cycle.meeting_count, cycle.at_caisse), (box, social, 20, 0))
        self.assertEqual(cycle.shares_total, sum(shares.values()))
        self.assertEqual(cycle.loans_total, sum(loans.values()))

        self.assertTrue(cycle.loans_total, "some still owe a loan, which is taken off their part")
        cycle.action_share_out()
        self.env.invalidate_all()
        parts = {part.person_id: part for part in cycle.share_ids}
        worth = Fraction(box + sum(loans.values()) + sum(interest.values()), sum(shares.values()))
        self.assertEqual(sum(part.paid for part in cycle.share_ids) + cycle.rest, box)
        self.assertEqual((len(parts), cycle.rest), (25, 0))
        for person, part in parts.items():
            owed = loans[person] + interest[person]
            self.assertEqual((part.shares, part.debt, part.unpaid), (shares[person], owed, 0))
            self.assertLess(abs(part.paid - (shares[person] * worth - owed)), 1)
        cycle.action_end()
        self.env.invalidate_all()
        self.assertEqual((cycle.state, cycle.box, cycle.social), ("ended", 0, social))

        # the caisse has seen one account, one deposit and one withdrawal, and nothing else
        self.assertEqual(self.env["kondo.operation"].search_count([("partner_id", "=", group.id)]), 2)
        with self.assertRaises(UserError):
            cycle.pay_unit = "25"
        following = self.as_user(self.officer)["kondo.avec.cycle"].create(
            {"organisation_id": group.id, "date_from": "2026-06-01", **cycle._carried()}
        )
        self.assertEqual((following.name, following.social, following.box), ("Cycle 2", social, 0))

    # ------------------------------------------------------------------ what may not happen
    def small(self, people=15, **values):
        """A group that has met once: two shares each, the third of them in debt."""
        cycle = self.make_cycle(self.make_group(people), **values)
        meeting = self.meet(cycle, "2026-01-05")
        meeting.line_ids.write({"shares": 2})
        meeting.line_ids[2].taken = 3_000
        self.close(meeting)
        return cycle

    def test_the_cash_counted_is_the_book_or_nothing_is_closed(self):
        cycle = self.make_cycle(self.make_group(15))
        meeting = self.meet(cycle, "2026-01-05")
        meeting.line_ids.write({"shares": 2})
        self.assertEqual((meeting.box_after, meeting.social_after), (15_000, 1_500))
        meeting.write({"counts": make_up(14_975), "social_counted": 1_500})
        self.assertEqual(meeting.difference, -25)
        with self.assertRaisesRegex(UserError, "25"):
            meeting.action_close()
        self.assertEqual((meeting.state, cycle.box), ("open", 0))
        meeting.write({"counts": make_up(15_000), "social_counted": 1_600})
        with self.assertRaisesRegex(UserError, "100"):
            meeting.action_close()
        meeting.social_counted = 1_500
        meeting.action_close()
        self.assertEqual((meeting.state, cycle.box, cycle.social), ("closed", 15_000, 1_500))

    def test_the_rules_of_the_group_are_kept_and_said_by_name(self):
        cycle = self.small()
        meeting = self.meet(cycle, "2026-01-12")
        lines = meeting.line_ids
        lines.write({"shares": 1})
        for broken in (
            {"shares": 6},
            {"shares": 0},
            {"shares": 1, "principal": 50},
            {"interest": 5},
            {"taken": 4_501},
            {"fine": -5},
        ):
            before = lines[0].read(list(broken))[0]
            lines[0].write(broken)
            self.count(meeting)
            with self.assertRaisesRegex(UserError, "FEMME 01"):
                meeting.action_close()
            lines[0].write({name: before[name] for name in broken})
        self.close(meeting)
        self.assertEqual(meeting.state, "closed")

    def test_a_closed_meeting_is_frozen_and_mended_by_the_next(self):
        cycle = self.small()
        closed = cycle.meeting_ids
        line = closed.line_ids[0]
        for change in (
            lambda: line.write({"shares": 3}),
            line.unlink,
            lambda: closed.write({"expense": 5}),
            closed.unlink,
            lambda: line.copy({"person_id": line.person_id.id}),
            lambda: cycle.write({"share_value": 1_000}),
            cycle.unlink,
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                change()
        with self.assertRaises(AccessError):
            cycle.box = 5
        meeting = self.meet(cycle, "2026-01-12")
        meeting.line_ids.write({"shares": 1})
        meeting.correction_ids = [
            (0, 0, {"person_id": line.person_id.id, "shares": 1, "reason": "Une part oubliée", "correction": True})
        ]
        self.close(meeting)
        self.assertEqual(cycle._people()[line.person_id.id].shares, 4)
        self.assertEqual(closed.line_ids[0].shares, 2)

    def test_a_group_has_fifteen_to_thirty_people(self):
        few = self.meet(self.make_cycle(self.make_group(14)), "2026-01-05")
        few.line_ids.write({"shares": 1})
        with self.assertRaisesRegex(UserError, "15"):
            self.count(few).action_close()
        many = self.meet(self.make_cycle(self.make_group(31, "AVEC Jigiya")), "2026-01-05")
        many.line_ids.write({"shares": 1})
        with self.assertRaisesRegex(UserError, "30"):
            self.count(many).action_close()

    def test_who_owes_stays_on_the_sheet_and_interest_runs(self):
        cycle = self.small()
        debtor = cycle.meeting_ids.line_ids[2].person_id
        debtor.membership_ids.date_to = "2026-01-10"
        meeting = self.meet(cycle, "2026-01-19")
        row = meeting.line_ids.filtered(lambda line: line.person_id == debtor)
        self.assertEqual((row.present, row.loan_before, row.interest_due), (False, 3_000, 150))
        meeting.date = "2026-02-02"
        self.assertEqual(row.interest_due, 300)
        with self.assertRaises(UserError):
            row.unlink()

    def test_a_debt_beyond_its_shares_is_said(self):
        cycle = self.small(loan_multiple=0, pay_unit="25", rest_to="social")
        cycle.action_share_out()
        self.env.invalidate_all()
        debtor = cycle.share_ids.filtered("unpaid")
        self.assertEqual((debtor.paid, debtor.debt), (0, 3_000))
        self.assertGreater(debtor.unpaid, 0)
        paid = sum(cycle.share_ids.mapped("paid"))
        self.assertEqual(paid + cycle.rest, 12_000)
        self.assertTrue(all(part.paid % 25 == 0 for part in cycle.share_ids))
        cycle.action_back()
        self.assertFalse(cycle.share_ids)
        cycle.action_share_out()
        cycle.action_end()
        self.env.invalidate_all()
        self.assertEqual((cycle.box, cycle.social), (0, 1_500 + cycle.rest))

    def test_only_the_groups_own_operations_are_named_and_once(self):
        group = self.make_group(15)
        cycle = self.make_cycle(group)
        meeting = self.meet(cycle, "2026-01-05")
        stranger = self.operation(self.submit("deposit", self.make_account(), 5_000))
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            meeting.operation_ids = stranger
        own = self.operation(self.submit("deposit", self.make_account(group, self.demand), 5_000))
        meeting.line_ids.write({"shares": 1})
        meeting.operation_ids = own
        self.assertEqual((meeting.from_caisse, meeting.box_after), (-5_000, 2_500))
        self.close(meeting)
        self.assertEqual(cycle.at_caisse, 5_000)
        following = self.meet(cycle, "2026-01-12")
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            following.operation_ids = own

    def test_another_caisse_sees_no_book_and_a_teller_writes_none(self):
        cycle = self.small()
        cycle.action_share_out()
        stranger = self.as_user(self.users["SGX"]["officer"])
        for model in ("cycle", "fine", "meeting", "line", "share"):
            found = stranger[f"kondo.avec.{model}"].search([("company_id", "=", self.nio.id)])
            self.assertFalse(found, model)
        teller = self.as_user(self.users["NIX"]["teller"])
        with self.assertRaises(UserError):
            teller["kondo.avec.cycle"].browse(cycle.id).action_end()
        with self.assertRaises(UserError):
            teller["kondo.avec.meeting"].create({"cycle_id": cycle.id})
        with self.assertRaises(AccessError):
            cycle.share_ids.write({"paid": 1})
