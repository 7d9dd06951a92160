import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graph.errors import SettingsError
from graph.records import Entity, Label
from services.judging.budget import Budget, BudgetError, Price, price_of
from services.judging.claude import DEFAULT_MODEL, ClaudeTransport, claude_judge
from services.judging.judging import judge_pairs
from services.judging.language import LanguageJudge
from services.judging.ledger import Ledger
from services.judging.port import EntityPair
from services.judging.prompt import PROMPT, SCHEMA, SYSTEM
from services.judging.transport import TransportError

MessagesApi = Any  # the fixture `api` of conftest.py
Build = Callable[..., LanguageJudge]


def make_pairs(count: int) -> list[EntityPair]:
    """Pairs e0 → f0, e1 → f1 and so on."""
    return [EntityPair(Entity(f"e{n}", f"head {n}"), Entity(f"f{n}", f"tail {n}")) for n in range(count)]


def test_the_happy_path_stores_a_verdict_per_pair(api: MessagesApi, ledger: Ledger, claude: Build) -> None:
    counts = judge_pairs(claude(), make_pairs(10), ledger)
    assert counts.labels == {Label.COMPLEMENT: 10}
    assert len(api.requests) == 3
    stored = ledger.verdicts()
    assert {(verdict.head, verdict.tail) for verdict in stored} == {pair.key for pair in make_pairs(10)}
    assert {(verdict.judge, verdict.prompt, verdict.strength, verdict.reason) for verdict in stored} == {
        (DEFAULT_MODEL, PROMPT, 2, "goes with it")
    }
    assert all(abs(verdict.judged_at / 1000 - time.time()) < 60 for verdict in stored)
    assert ledger.calls.spent("USD") == pytest.approx(3 * price_of(DEFAULT_MODEL).cost(1_000, 500))


def test_the_request_is_what_current_models_accept(api: MessagesApi, ledger: Ledger, claude: Build) -> None:
    judge_pairs(claude(), make_pairs(1), ledger)
    request = api.requests[0]
    assert set(request) == {"model", "max_tokens", "system", "messages", "output_config"}
    assert request["system"] == SYSTEM
    assert request["output_config"]["effort"] == "low"
    assert request["output_config"]["format"]["type"] == "json_schema"
    sent = request["output_config"]["format"]["schema"]
    assert sent["$defs"]["PairAnswer"]["additionalProperties"] is False
    assert sent["$defs"]["PairAnswer"]["required"] == SCHEMA["$defs"]["PairAnswer"]["required"]
    assert api.asked(request) == [{"pair": 1, "A": {"name": "head 0"}, "B": {"name": "tail 0"}}]


def test_effort_can_be_left_out(api: MessagesApi, ledger: Ledger) -> None:
    transport = ClaudeTransport(api_key=api.key, base_url=api.url, effort=None)
    judge_pairs(claude_judge(ledger, Budget(1.0), transport), make_pairs(1), ledger)
    assert set(api.requests[0]["output_config"]) == {"format"}


def test_a_second_run_asks_nothing(api: MessagesApi, ledger: Ledger, claude: Build) -> None:
    judge_pairs(claude(), make_pairs(6), ledger)
    before = len(api.requests), ledger.state()
    counts = judge_pairs(claude(), make_pairs(6), ledger)
    assert (len(api.requests), ledger.state()) == before
    assert (counts.known, counts.verdicts) == (6, 0)


@pytest.mark.parametrize(
    "trouble",
    [
        (429, "rate_limit_error", "slow down"),
        (500, "api_error", "internal error"),
        (529, "overloaded_error", "overloaded"),
    ],
)
def test_trouble_that_passes_is_retried(api: MessagesApi, ledger: Ledger, claude: Build, trouble: Any) -> None:
    api.script.extend([api.refusal(*trouble)] * 2)
    counts = judge_pairs(claude(), make_pairs(2), ledger)
    assert counts.labels == {Label.COMPLEMENT: 2}
    assert len(api.requests) == 3
    assert ledger.calls.spent("USD") == pytest.approx(price_of(DEFAULT_MODEL).cost(1_000, 500))


def test_the_service_says_how_long_to_wait(api: MessagesApi, ledger: Ledger, claude: Build) -> None:
    api.script.append(api.refusal(429, "rate_limit_error", "slow down", **{"retry-after": "0.4"}))
    start = time.monotonic()
    judge_pairs(claude(), make_pairs(1), ledger)
    assert time.monotonic() - start >= 0.4


def test_trouble_that_stays_is_one_line_and_keeps_what_was_paid(
    api: MessagesApi, ledger: Ledger, claude: Build
) -> None:
    api.script.extend([api.accept_all, *[api.refusal(529, "overloaded_error", "Overloaded\nnow")] * 3])
    with pytest.raises(TransportError) as caught:
        judge_pairs(claude(), make_pairs(8), ledger)
    assert str(caught.value) == (
        "the Anthropic API refused a request to claude-sonnet-5-5 (529: Overloaded now): try again later"
    )
    assert len(api.requests) == 4
    assert len(ledger.verdicts()) == 4
    assert judge_pairs(claude(), make_pairs(8), ledger).verdicts == 4
    assert len(api.requests) == 5


def test_a_wrong_key_is_one_line_and_one_request(api: MessagesApi, ledger: Ledger, claude: Build) -> None:
    with pytest.raises(TransportError) as caught:
        judge_pairs(claude(key="wrong"), make_pairs(8), ledger)
    assert str(caught.value) == (
        "the Anthropic API refused a request to claude-sonnet-5-5 (401: invalid x-api-key): check ANTHROPIC_API_KEY"
    )
    assert len(api.requests) == 1
    assert ledger.calls.spent("USD") == 0.0


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "ANTHROPIC_API_KEY is not set: the judge claude needs a key of the Anthropic API"),
        (" \n", "ANTHROPIC_API_KEY is not set: the judge claude needs a key of the Anthropic API"),
        ("sk-ключ", "ANTHROPIC_API_KEY holds characters that no key has: copy it again"),
        ("sk-1\nsk-2", "ANTHROPIC_API_KEY holds characters that no key has: copy it again"),
    ],
)
def test_an_unusable_key_is_one_line(monkeypatch: pytest.MonkeyPatch, value: str | None, said: str) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    if value is not None:
        monkeypatch.setenv("ANTHROPIC_API_KEY", value)
    with pytest.raises(SettingsError) as caught:
        ClaudeTransport()
    assert str(caught.value) == said


def test_the_key_is_read_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, api: MessagesApi, ledger: Ledger
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", f"{api.key}\n")
    judge = claude_judge(ledger, Budget(1.0), ClaudeTransport(base_url=api.url))
    assert judge_pairs(judge, make_pairs(1), ledger).verdicts == 1


def test_a_refusal_leaves_the_others_of_the_batch(api: MessagesApi, ledger: Ledger, claude: Build) -> None:
    def refuse_head_2(request: dict[str, Any]) -> Any:
        bad = any(pair["A"]["name"] == "head 2" for pair in api.asked(request))
        return api.message("", stop="refusal") if bad else api.accept_all(request)

    api.react = refuse_head_2
    counts = judge_pairs(claude(), make_pairs(4), ledger)
    assert counts.labels == {Label.COMPLEMENT: 3, Label.UNSURE: 1}
    unsure = next(verdict for verdict in ledger.verdicts() if verdict.label is Label.UNSURE)
    assert (unsure.head, unsure.reason) == ("e2", "the model gave no answer: refusal")
    before = len(api.requests)
    judge_pairs(claude(), make_pairs(4), ledger)
    assert len(api.requests) == before


def test_an_answer_cut_off_halves_the_batch(api: MessagesApi, ledger: Ledger, claude: Build) -> None:
    def short(request: dict[str, Any]) -> Any:
        cut_off = api.message('{"answers": [{"pa', stop="max_tokens")
        return cut_off if len(api.asked(request)) > 1 else api.accept_all(request)

    api.react = short
    counts = judge_pairs(claude(), make_pairs(4), ledger)
    assert counts.labels == {Label.COMPLEMENT: 4}
    assert [len(api.asked(request)) for request in api.requests] == [4, 2, 2, 1, 1, 1, 1]


def test_malformed_json_is_asked_once_more(api: MessagesApi, ledger: Ledger, claude: Build) -> None:
    api.script.append(api.message("Sure! Here are the answers:"))
    assert judge_pairs(claude(), make_pairs(4), ledger).labels == {Label.COMPLEMENT: 4}
    assert len(api.requests) == 2


def test_what_stays_malformed_is_unsure(api: MessagesApi, ledger: Ledger, claude: Build) -> None:
    api.react = lambda request: api.message("[]")
    assert judge_pairs(claude(), make_pairs(3), ledger).labels == {Label.UNSURE: 3}
    assert {verdict.reason for verdict in ledger.verdicts()} == {"no usable answer in 2 requests"}
    assert len(api.requests) == 2


def test_missing_doubled_invalid_and_unknown_pairs_are_asked_once_more(
    api: MessagesApi, ledger: Ledger, claude: Build
) -> None:
    api.script.append(
        api.answers(
            api.answer(1),
            api.answer(2),
            api.answer(2, "unrelated"),
            api.answer(3, "friend"),
            api.answer(99),
            api.answer(0),
            api.answer(4, strength=7),
        )
    )
    counts = judge_pairs(claude(), make_pairs(4), ledger)
    assert counts.labels == {Label.COMPLEMENT: 4}
    assert [len(api.asked(request)) for request in api.requests] == [4, 3]
    first, second = ([pair["A"]["name"] for pair in api.asked(request)] for request in api.requests)
    assert second == first[1:]


def test_something_that_is_no_message_is_one_line_and_counts_as_spent(
    api: MessagesApi, ledger: Ledger, claude: Build
) -> None:
    api.react = lambda request: (200, {"content-type": "text/html"}, b"<html>\n<h1>Welcome to the hotel</h1>")
    with pytest.raises(
        TransportError, match=r"^the Anthropic API answered with something that is no message"
    ) as caught:
        judge_pairs(claude(), make_pairs(1), ledger)
    assert "\n" not in str(caught.value)
    assert ledger.calls.spent("USD") > 0.0


def test_an_unreachable_server_is_one_line_and_costs_nothing(ledger: Ledger, claude: Build, api: MessagesApi) -> None:
    api.url = "http://127.0.0.1:1"
    with pytest.raises(TransportError) as caught:
        judge_pairs(claude(), make_pairs(1), ledger)
    assert str(caught.value) == (
        "the Anthropic API at http://127.0.0.1:1 cannot be reached: check the network and the base URL, or try again "
        "later"
    )
    assert ledger.calls.spent("USD") == 0.0


def test_a_late_answer_counts_at_its_worst(api: MessagesApi, ledger: Ledger, claude: Build) -> None:
    def sleep(request: dict[str, Any]) -> Any:
        time.sleep(0.5)
        return api.accept_all(request)

    api.react = sleep
    with pytest.raises(TransportError, match="did not answer in time"):
        judge_pairs(claude(timeout=0.1, attempts=1), make_pairs(1), ledger)
    assert ledger.calls.spent("USD") > price_of(DEFAULT_MODEL).cost(0, 2_000)


def test_the_budget_stops_before_the_request_and_keeps_every_answer(
    api: MessagesApi, ledger: Ledger, claude: Build
) -> None:
    with pytest.raises(BudgetError) as caught:
        judge_pairs(claude(limit=0.06), make_pairs(40), ledger)
    sent = len(api.requests)
    assert 0 < sent < 10
    assert ledger.calls.spent("USD") <= 0.06
    assert len(ledger.verdicts()) == 4 * sent
    assert str(caught.value).startswith("the judge's budget of 0.06 USD allows no further call: ")
    with pytest.raises(BudgetError):
        judge_pairs(claude(limit=0.06), make_pairs(40), ledger)
    assert len(api.requests) == sent
    assert judge_pairs(claude(limit=1.0), make_pairs(40), ledger).verdicts == 40 - 4 * sent


def test_a_budget_too_small_for_one_call_sends_nothing(api: MessagesApi, ledger: Ledger, claude: Build) -> None:
    with pytest.raises(BudgetError):
        judge_pairs(claude(limit=0.01), make_pairs(1), ledger)
    assert api.requests == []


def test_several_workers_give_the_same_verdicts(api: MessagesApi, ledger: Ledger, claude: Build) -> None:
    busy = api.refusal(529, "overloaded_error", "busy")
    api.script.extend([api.message("", stop="max_tokens"), busy, api.message("nonsense")])
    assert judge_pairs(claude(workers=4), make_pairs(50), ledger).labels == {Label.COMPLEMENT: 50}
    assert ledger.judged(PROMPT) == {pair.key for pair in make_pairs(50)}


def test_answers_of_a_run_that_was_killed_are_read_not_paid_again(
    api: MessagesApi, ledger: Ledger, claude: Build
) -> None:
    verdicts = claude().judge(make_pairs(12))
    next(verdicts)
    del verdicts
    assert ledger.verdicts() == ()
    paid = len(api.requests)
    counts = judge_pairs(claude(batch=3), make_pairs(12), ledger)
    assert counts.labels == {Label.COMPLEMENT: 12}
    asked_pairs = [pair["A"]["name"] for request in api.requests for pair in api.asked(request)]
    assert len(asked_pairs) == len(set(asked_pairs)) == 12
    assert len(api.requests) > paid


KILLED = """
import os, sys
from pathlib import Path
from graph.records import Entity
from services.judging.budget import Budget
from services.judging.claude import ClaudeTransport, claude_judge
from services.judging.judging import judge_pairs
from services.judging.language import Pace
from services.judging.ledger import Ledger
from services.judging.port import EntityPair

class Killed(Ledger):
    def append(self, verdicts):
        os._exit(9)

ledger = Killed(Path(sys.argv[1]))
transport = ClaudeTransport(api_key=sys.argv[3], base_url=sys.argv[2])
pairs = [EntityPair(Entity(f"e{n}", f"head {n}"), Entity(f"f{n}", f"tail {n}")) for n in range(20)]
judge_pairs(claude_judge(ledger, Budget(1.0), transport, pace=Pace(workers=1)), pairs, ledger)
"""


def test_a_process_killed_between_answer_and_verdicts_never_pays_twice(api: MessagesApi, tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    command = [sys.executable, "-c", KILLED, str(path), api.url, api.key]
    assert subprocess.run(command, check=False, timeout=60, cwd=Path(__file__).parents[3]).returncode == 9
    assert len(api.requests) == 1
    with Ledger(path) as ledger:
        assert ledger.verdicts() == ()
        transport = ClaudeTransport(api_key=api.key, base_url=api.url)
        judge = claude_judge(ledger, Budget(1.0), transport)
        assert judge_pairs(judge, make_pairs(20), ledger).labels == {Label.COMPLEMENT: 20}
        assert ledger.calls.spent("USD") == pytest.approx(price_of(DEFAULT_MODEL).cost(1_000, 500))
    assert len(api.requests) == 1


def test_an_answer_cut_off_before_a_kill_is_not_paid_again(api: MessagesApi, ledger: Ledger, claude: Build) -> None:
    api.script.extend([api.message("", stop="max_tokens"), api.refusal(401, "authentication_error", "revoked")])
    with pytest.raises(TransportError):
        judge_pairs(claude(), make_pairs(4), ledger)
    judge_pairs(claude(), make_pairs(4), ledger)
    assert [len(api.asked(request)) for request in api.requests] == [4, 2, 2, 2]


def test_a_model_without_a_price_is_one_line(ledger: Ledger) -> None:
    transport = ClaudeTransport("claude-unheard-of", api_key="sk-test")
    with pytest.raises(SettingsError, match=r"^no price is known for the model 'claude-unheard-of': give its price"):
        claude_judge(ledger, Budget(1.0), transport)
    with pytest.raises(SettingsError, match="give the price of claude-unheard-of in EUR"):
        claude_judge(ledger, Budget(1.0, "EUR"), transport)
    judge = claude_judge(ledger, Budget(1.0, "EUR"), transport, Price(1.0, 2.0))
    assert judge.name == "claude-unheard-of"


def test_without_the_sdk_one_line_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['anthropic'] = None\n"
        "from graph.errors import SettingsError\n"
        "try:\n    import services.judging.claude\n"
        "except SettingsError as error:\n    sys.exit(str(error))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, cwd=Path(__file__).parents[3]
    )
    assert done.stderr.strip() == "the judge claude needs the package anthropic: install kerec[claude]"


def test_nothing_else_of_judging_imports_the_sdk() -> None:
    modules = [path.stem for path in Path(__file__).parents[3].glob("services/judging/*.py") if path.stem != "claude"]
    imports = "; ".join(f"import services.judging.{name}" for name in modules if name != "__init__")
    code = f"{imports}; import sys, json; print(json.dumps('anthropic' in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=Path(__file__).parents[3]
    )
    assert json.loads(done.stdout) is False
