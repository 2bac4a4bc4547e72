"""What has to be true of the repository's own files."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
EXACT = re.compile(r"^[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*$")


def test_every_requirement_has_its_exact_version():
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    assert [line for line in wanted if not EXACT.match(line)] == []
    assert [line for line in wanted if line.startswith("odoo-addon-") and "==19.0." not in line] == []


@pytest.mark.parametrize("command", ["run", "test", ".ci/run", "scripts/install.sh", "scripts/database.sh"])
def test_the_commands_are_bash_without_a_mistake_in_their_grammar(command):
    subprocess.run(["bash", "-n", str(ROOT / command)], check=True)


@pytest.mark.parametrize("command", ["run", "test"])
def test_the_commands_explain_themselves(command):
    shown = subprocess.run([str(ROOT / command), "--help"], check=True, capture_output=True, text=True)
    assert shown.stdout.startswith(f"Usage: ./{command}")


def test_run_refuses_what_is_no_port():
    refused = subprocess.run([str(ROOT / "run"), "--port", "door"], capture_output=True, text=True)
    assert refused.returncode == 1
    assert "Not a port: door" in refused.stderr


def test_an_own_odoo_must_be_odoo_19(tmp_path):
    script = '. "$1/scripts/install.sh"; KONDO_ODOO=$2 need_odoo'
    refused = subprocess.run(["bash", "-c", script, "bash", str(ROOT), str(tmp_path)], capture_output=True, text=True)
    assert refused.returncode == 1
    assert "holds no Odoo 19" in refused.stderr


def test_a_warning_in_the_log_of_the_installation_is_an_offence(tmp_path):
    log = tmp_path / "install.log"
    log.write_text("2026-11-22 08:00:01,000 1 WARNING kondo odoo.schema: Missing not-null constraint \n")
    check = ["python3", str(ROOT / "scripts" / "checklog.py"), str(log)]
    refused = subprocess.run(check, capture_output=True, text=True)
    assert refused.returncode == 1
    assert "Missing not-null constraint" in refused.stderr


def test_the_licence_is_the_agpl():
    assert "GNU AFFERO GENERAL PUBLIC LICENSE" in (ROOT / "LICENSE").read_text(encoding="utf-8")
