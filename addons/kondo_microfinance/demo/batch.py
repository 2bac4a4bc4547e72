"""Salaries by file: the teachers of one caisse are paid through the bank once a month; and the first passbooks."""

import base64
import io

import xlsxwriter

SALARIES = "NIO"  # the caisse whose lycée sends a list
TEACHERS = 18
BOOKS = 6


def day(demo, counter):
    """The list of the month is entered on the first business day from the 25th on; a few passbooks are brought along."""
    if counter.company.kondo_code == SALARIES and demo.date.day >= 25:
        pay_salaries(demo, counter)
    issue_passbooks(demo, counter)


def pay_salaries(demo, counter):
    label = f"Salaires {demo.date:%m/%Y}, lycée de Niono"
    accountant = demo.as_user(counter.staff["accountant"])
    batches = accountant["kondo.batch"]
    if batches.search_count([("label", "=", label)], limit=1):
        return
    accounts = accountant["kondo.savings.account"].search(
        [("company_id", "=", counter.company.id), ("kind", "=", "demand"), ("state", "in", ("active", "inactive"))],
        order="id",
        limit=TEACHERS,
    )
    rows = [(account, 85_000 + 2_500 * (index * 7 % 13)) for index, account in enumerate(accounts)]
    if not rows:
        return
    batch = batches.create(
        {
            "label": label,
            "date": demo.date,
            "account_id": counter.company.sudo()._kondo_account("1141").id,
            "control_count": len(rows),
            "control_total": sum(amount for _account, amount in rows),
            "file": base64.b64encode(salary_list(demo, rows)).decode(),
            "file_name": f"salaires_{demo.date:%Y_%m}.xlsx",
        }
    )
    demo.later(3, 8)
    batch.action_check()
    batch.action_submit()
    demo.env.cr.commit()
    demo.later(5, 15)
    demo.as_user(counter.staff["manager"])["kondo.batch"].browse(batch.id).action_approve()
    demo.env.cr.commit()


def salary_list(demo, rows):
    """The XLSX list as the lycée's bursar types it; the month in its title makes each file another one."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Salaires")
    sheet.write_string(0, 0, f"Lycée de Niono – salaires de {demo.date:%m/%Y}")
    for column, heading in enumerate(("N°", "Compte", "Nom et prénoms", "Net à payer")):
        sheet.write_string(2, column, heading)
    for index, (account, amount) in enumerate(rows, 1):
        sheet.write_number(index + 2, 0, index)
        sheet.write_string(index + 2, 1, account.number)
        sheet.write_string(index + 2, 2, account.partner_id.name)
        sheet.write_number(index + 2, 3, amount)
    sheet.write_string(len(rows) + 3, 2, "TOTAL")
    sheet.write_number(len(rows) + 3, 3, sum(amount for _account, amount in rows))
    book.close()
    return stream.getvalue()


def issue_passbooks(demo, counter):
    """The members who come first get their book, and it is brought up to date."""
    teller = demo.as_user(counter.session.user_id)
    books = teller["kondo.savings.passbook"]
    if books.search_count([("company_id", "=", counter.company.id)]) >= BOOKS:
        return
    account = teller["kondo.savings.account"].search(
        [
            ("company_id", "=", counter.company.id),
            ("kind", "=", "passbook"),
            ("balance", ">", 0),
            ("passbook_ids", "=", False),
        ],
        order="id",
        limit=1,
    )
    if account:
        book = books.browse(account.action_open_passbook()["res_id"])
        book.cover_number = f"{counter.company.kondo_code} {book.id:06d}"
        book.action_print()
        book.action_confirm()
