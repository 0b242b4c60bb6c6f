"""`escalate serve` starts, refuses plainly where it cannot, and stops without a trace."""

import socket
from pathlib import Path

import pytest
import requests
from running_guide import Guide, Person, free_port, run


def refused(result) -> str:
    """The error of a command that refused to run: exit code 2, a plain sentence, no traceback."""
    assert result.returncode == 2, result.stdout + result.stderr
    assert "Traceback" not in result.stderr
    return str(result.stderr)


def test_it_starts_in_any_folder_without_noise_and_ctrl_c_stops_it_with_exit_code_0(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    guide = Guide(tmp_path / "home").start(cwd=elsewhere)
    try:
        assert "No" in Person(guide.address).open().tap("I disagree").titles
        assert guide.interrupt() == 0
    finally:
        guide.kill()
    assert f"Escalation Guide is ready: {guide.address}" in guide.log
    assert "Stopped. Every conversation is kept." in guide.log
    assert "Warning" not in guide.log
    assert "Traceback" not in guide.log
    assert list(elsewhere.iterdir()) == []
    assert not Path(f"/proc/{guide.process.pid}").exists()
    with pytest.raises(requests.ConnectionError):
        requests.get(guide.address, timeout=1)


def test_a_port_in_use_is_named_with_what_to_do(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        error = refused(run(tmp_path / "home", "serve", "--port", port))
    assert f"127.0.0.1:{port} cannot be used" in error
    assert "--port" in error
    assert not (tmp_path / "home" / "escalations.db").exists()


def test_an_address_that_others_can_reach_is_refused(tmp_path):
    error = refused(run(tmp_path / "home", "serve", "--host", "0.0.0.0"))
    assert "ESCALATE_ALLOW_REMOTE" in error


def test_a_home_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    home = tmp_path / "file" / "home"
    error = refused(run(home, "serve", "--port", str(free_port())))
    assert str(home) in error
    assert "ESCALATE_HOME" in error


def test_a_database_that_is_no_database_is_named_and_left_alone(tmp_path):
    broken = tmp_path / "escalations.db"
    broken.write_text("this is not a database, it is a letter to my aunt")
    error = refused(run(tmp_path, "serve", "--port", str(free_port())))
    assert str(broken) in error
    assert broken.read_text().endswith("my aunt")


@pytest.mark.parametrize("name", ["escalations.db", "conversations.db"])
def test_a_database_that_is_a_folder_is_named(tmp_path, name):
    (tmp_path / name).mkdir()
    assert str(tmp_path / name) in refused(run(tmp_path, "serve", "--port", str(free_port())))


@pytest.mark.parametrize("name", ["escalations.db", "conversations.db"])
def test_a_database_that_can_only_be_read_is_named(tmp_path, name):
    assert run(tmp_path, "db", "upgrade").returncode == 0
    (tmp_path / name).touch()
    (tmp_path / name).chmod(0o400)
    assert str(tmp_path / name) in refused(run(tmp_path, "serve", "--port", str(free_port())))


def test_a_home_that_cannot_be_written_is_named(tmp_path):
    home = tmp_path / "home"
    home.mkdir(mode=0o500)
    assert str(home) in refused(run(home, "serve", "--port", str(free_port())))


def test_a_broken_policy_stops_it_with_the_file_and_the_key(tmp_path):
    policies = tmp_path / "policies"
    (policies / "mine").mkdir(parents=True)
    broken = policies / "mine" / "1.yml"
    broken.write_text("schema: 1\nid: mine\nunheard_of: 1\n")
    error = refused(
        run(tmp_path / "home", "serve", "--port", str(free_port()), ESCALATE_POLICIES=str(policies))
    )
    assert str(broken) in error
    assert "unheard_of" in error
