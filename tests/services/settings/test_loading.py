from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import SettingsError
from graph.records import EventType
from services.settings import load_settings

SHOP = '[shop]\nid = "s"\n'
ITEMS = '[items]\npath = "items.csv"\ncolumns = { id = "item_id", title = "title" }\n'
EVENTS = '[[events]]\npath = "e.csv"\ncolumns = { user = "u", item = "i", order = "pos" }\ntype = "purchase"\n'
DICTIONARY = '[dictionary]\npath = "d.csv"\ncolumns = { id = "id", name = "name" }\n'
JUDGE = '[judge]\nname = "recorded"\npath = "v.csv"\ncolumns = { head = "h", tail = "t", label = "l" }\n'
GRAPH = '[graph]\nuri = "bolt://h:1"\n'
BASE = SHOP + ITEMS
FULL = BASE + EVENTS + DICTIONARY + JUDGE


def toml(folder: Path, text: str) -> Path:
    path = folder / "kerec.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(folder: Path, text: str, environ: dict[str, str] | None = None) -> str:
    path = toml(folder, text)
    with pytest.raises(SettingsError) as caught:
        load_settings(path, environ or {})
    line = str(caught.value)
    assert "\n" not in line
    return line.removeprefix(f"{path}: ").removeprefix(f"{path} ")


def test_a_full_file_with_defaults(tmp_path: Path) -> None:
    settings = load_settings(toml(tmp_path, FULL), {})
    assert settings.shop.id == "s"
    assert settings.graph is None
    assert settings.items.path == tmp_path / "items.csv"
    assert settings.items.columns.mapping() == {"id": "item_id", "title": "title"}
    assert settings.events[0].type is EventType.PURCHASE
    assert settings.clock == "order"
    assert settings.judge is not None
    assert settings.judge.unlisted == "unknown"
    assert settings.load.max_bad_share == 0.05
    assert (settings.recall.per_entity, settings.recall.min_entities) == (5, 4)
    assert settings.recall.kg_strength is None
    assert settings.interests.model_dump() == {
        "rho": 0.9,
        "window_days": 30,
        "timescale_days": 7,
        "window_steps": 30,
        "timescale_steps": 7,
    }
    assert settings.weights.shrinkage == 10


def test_the_optional_tables_may_be_left_out_and_stand_empty(tmp_path: Path) -> None:
    settings = load_settings(toml(tmp_path, BASE + "[recall]\n[weights]\n"), {})
    assert settings.events == ()
    assert settings.dictionary is None
    assert settings.judge is None
    assert settings.clock == "none"
    assert settings.recall.per_entity == 5


def test_an_id_written_as_a_number_is_its_decimal_text(tmp_path: Path) -> None:
    assert load_settings(toml(tmp_path, "[shop]\nid = 17\n" + ITEMS), {}).shop.id == "17"


def test_a_byte_order_mark_is_no_part_of_the_toml(tmp_path: Path) -> None:
    assert load_settings(toml(tmp_path, "\ufeff" + BASE), {}).shop.id == "s"


def test_paths_take_variables_from_the_environment(tmp_path: Path) -> None:
    text = BASE.replace("items.csv", "${ROOT}/a/${NAME}.tsv")
    settings = load_settings(toml(tmp_path, text), {"ROOT": "/data", "NAME": "x"})
    assert settings.items.path == Path("/data/a/x.tsv")


def test_a_relative_config_path_still_gives_absolute_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toml(tmp_path, BASE)
    monkeypatch.chdir(tmp_path)
    assert load_settings(Path("kerec.toml"), {}).items.path == tmp_path / "items.csv"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            BASE.replace("title = ", "titel = "),
            "items.columns: unknown key 'titel', did you mean 'title'?",
        ),
        (BASE + "[relation]\npath = 'r.csv'\n", "unknown key 'relation', did you mean 'relations'?"),
        (BASE + "[weights]\nshrinkge = 3\n", "weights: unknown key 'shrinkge', did you mean 'shrinkage'?"),
        (
            BASE + EVENTS.replace("order =", "zzz ="),
            "events #1.columns: unknown key 'zzz', known: 'user', 'basket', 'item', 'time', 'order', 'id', 'price', "
            "'position', 'request', 'type'",
        ),
        (SHOP, "items: this key is missing"),
        (ITEMS, "shop: this key is missing"),
        (SHOP + "[items]\npath = 'i.csv'\n", "items.columns: this key is missing"),
        (SHOP + "items = 3\n", "shop: unknown key 'items', known: 'id'"),
        ("items = 3\n" + SHOP, "items: should be a table of keys"),
        (BASE.replace('"title" }', "5 }"), "items.columns.title: input should be a valid string, not 5"),
        (
            BASE.replace("items.csv", "items.xlsx"),
            "items.path: 'items.xlsx' is of no known format; use .csv, .tsv, .jsonl or .parquet",
        ),
        (BASE.replace('"items.csv"', "7"), "items.path: should be the path of a file, in quotes"),
        (
            BASE.replace("items.csv", "${KEREC_DATA}/items.csv"),
            "items.path: the environment variable KEREC_DATA is not set; set it, as in: export KEREC_DATA=…",
        ),
        (
            BASE + EVENTS.replace("[[events]]", "[events]"),
            "events: write the table's name in two brackets, [[events]]: it may repeat",
        ),
        (
            BASE + EVENTS.replace('user = "u", ', ""),
            "events #1.columns: map at least one of 'user' and 'basket'",
        ),
        (
            BASE + EVENTS.replace(', order = "pos"', ""),
            "events #1.columns: map 'time' or 'order'; only baskets can do without",
        ),
        (
            BASE + EVENTS.replace('type = "purchase"\n', ""),
            'events #1: say either type = "purchase" (or click, exposure) or columns.type, one of them',
        ),
        (
            BASE + EVENTS.replace("item =", 'type = "t", item ='),
            'events #1: say either type = "purchase" (or click, exposure) or columns.type, one of them',
        ),
        (
            BASE + EVENTS.replace('"purchase"', '"purchas"'),
            "events #1.type: input should be 'purchase', 'click' or 'exposure', not 'purchas'",
        ),
        (BASE + EVENTS + 'time_unit = "s"\n', "events #1: time_unit needs columns.time"),
        (
            BASE + EVENTS + EVENTS.replace("order =", "time =") + 'time_unit = "h"\n',
            "events #2.time_unit: input should be 's' or 'ms', not 'h'",
        ),
        (
            BASE + EVENTS + EVENTS.replace("order =", "time ="),
            "all [[events]] must agree on mapping 'time', 'order' or neither, but they use order and time",
        ),
        (BASE + JUDGE, "[judge] needs [dictionary]: verdicts are about its entities"),
        (
            BASE + DICTIONARY + '[judge]\nname = "recorded"\n',
            'judge: name = "recorded" needs path and columns, the file of verdicts',
        ),
        (BASE + '[judge]\nname = "claud"\n', "judge.name: unknown judge 'claud', did you mean 'claude'?"),
        (
            BASE + '[judge]\nname = "student"\n',
            "judge.name: the judge 'student' is not available yet; use 'recorded' or 'claude'",
        ),
        (
            BASE + '[judge]\nname = "openai-compatible"\n',
            "judge.name: the judge 'openai-compatible' is not available yet; use 'recorded' or 'claude'",
        ),
        (
            BASE + '[judge]\nname = "claude"\nbudget = -1\n',
            "judge.budget: input should be greater than or equal to 0, not -1",
        ),
        (
            BASE + "[load]\nmax_bad_share = 1.5\n",
            "load.max_bad_share: input should be less than or equal to 1, not 1.5",
        ),
        (BASE + "[recall]\nper_entity = 0\nmin_entities = 0\n", "recall.per_entity: input should be greater than or "),
        (BASE + "[shop]\n", "is not valid TOML: Cannot declare ('shop',) twice (at line 6, column 6)"),
        (SHOP + "id = = 4\n", "is not valid TOML: Invalid value (at line 3, column 6)"),
        (GRAPH.replace("bolt://h:1", "h:7687") + BASE, "graph.uri: 'h:7687' is not a Bolt address; write it as bolt:/"),
        (GRAPH.replace("uri", "url") + BASE, "graph: unknown key 'url', did you mean 'uri'?"),
        ("[graph]\n" + BASE, "graph.uri: this key is missing (or set KEREC_GRAPH_URI)"),
        ('graph = "bolt://h:1"\n' + BASE, "graph: should be a table of keys"),
    ],
)
def test_what_is_wrong_is_one_line(tmp_path: Path, text: str, line: str) -> None:
    assert refusal(tmp_path, text).startswith(line)


def test_further_errors_are_counted(tmp_path: Path) -> None:
    assert refusal(tmp_path, BASE + "[recall]\nper_entity = 0\nmin_entities = 0\n").endswith("not 0 (and 1 more)")


def test_files_that_are_no_settings(tmp_path: Path) -> None:
    missing = tmp_path / "kerec.toml"
    with pytest.raises(SettingsError, match=r"kerec.toml does not exist: run the command in the shop's folder"):
        load_settings(missing, {})
    with pytest.raises(SettingsError, match=r"is a folder: give the file in it, --config .*/kerec.toml"):
        load_settings(tmp_path, {})
    missing.write_bytes(b"[shop]\nid = '\xff'\n")
    with pytest.raises(SettingsError, match=r"kerec.toml is not UTF-8: save it as UTF-8"):
        load_settings(missing, {})
    with pytest.raises(SettingsError, match=r"cannot be read: "):
        load_settings(missing / "kerec.toml", {})


def test_the_environment_overrides_the_graph(tmp_path: Path) -> None:
    environ = {
        "KEREC_GRAPH_URI": "neo4j+s://other:7687",
        "KEREC_GRAPH_USER": "ana",
        "KEREC_GRAPH_PASSWORD": "hidden-word",
        "KEREC_GRAPH_DATABASE": "shop",
    }
    for text in (GRAPH + BASE, BASE):
        graph = load_settings(toml(tmp_path, text), environ).graph
        assert graph is not None
        assert (graph.uri, graph.user, graph.database) == ("neo4j+s://other:7687", "ana", "shop")
        assert graph.password is not None
        assert graph.password.get_secret_value() == "hidden-word"
        assert "hidden-word" not in repr(graph)


def test_without_an_address_the_graph_is_embedded(tmp_path: Path) -> None:
    environ = {"KEREC_GRAPH_PASSWORD": "hidden-word", "KEREC_GRAPH_URI": ""}
    assert load_settings(toml(tmp_path, BASE), environ).graph is None


def test_the_file_names_the_graph_with_defaults(tmp_path: Path) -> None:
    graph = load_settings(toml(tmp_path, GRAPH + BASE), {}).graph
    assert graph is not None
    assert (graph.uri, graph.user, graph.password, graph.database) == ("bolt://h:1", "neo4j", None, "neo4j")


@pytest.mark.parametrize(
    "text", [GRAPH + 'password = "hunter2"\n' + BASE, GRAPH.replace("//h", "//neo4j:hunter2@h") + BASE]
)
def test_a_password_in_the_file_is_refused_and_not_repeated(tmp_path: Path, text: str) -> None:
    line = refusal(tmp_path, text)
    assert "a password never stands in the file; remove it and set KEREC_GRAPH_PASSWORD" in line
    assert "hunter2" not in line


def test_a_bad_address_from_the_environment_names_the_variable(tmp_path: Path) -> None:
    line = refusal(tmp_path, GRAPH + BASE, {"KEREC_GRAPH_URI": "http://h"})
    assert line.startswith("the environment variable KEREC_GRAPH_URI: 'http://h' is not a Bolt address")


def test_unordered_baskets_need_neither_time_nor_order(tmp_path: Path) -> None:
    text = BASE + EVENTS.replace('user = "u"', 'basket = "b"').replace(', order = "pos"', "")
    assert load_settings(toml(tmp_path, text), {}).clock == "none"


def test_settings_are_frozen(tmp_path: Path) -> None:
    settings = load_settings(toml(tmp_path, BASE), {})
    with pytest.raises(ValueError, match="frozen"):
        settings.load.max_bad_share = 1.0  # type: ignore[misc]


@pytest.mark.parametrize(
    ("table", "model"),
    [
        ("", "none"),
        ('[text]\nmodel = "minilm"\n', "minilm"),
        ('[text]\nmodel = "intfloat/multilingual-e5-small"\n', "intfloat/multilingual-e5-small"),
        ('[text]\nmodel = "./model"\n', Path("model")),
        ('[text]\nmodel = "${MODELS}/own"\n', Path("/models/own")),
    ],
)
def test_a_text_model_is_a_name_or_a_folder(tmp_path: Path, table: str, model: str | Path) -> None:
    found = load_settings(toml(tmp_path, BASE + table), {"MODELS": "/models"}).text.model
    assert found == (tmp_path / model if isinstance(model, Path) else model)
    assert isinstance(found, Path) is isinstance(model, Path)


def test_a_text_model_that_is_none_of_these_is_refused(tmp_path: Path) -> None:
    line = refusal(tmp_path, BASE + "[text]\nmodel = 3\n")
    assert line.startswith('text.model: should be "minilm", "none", a folder')
    assert refusal(tmp_path, BASE + '[text]\nmodl = "minilm"\n') == "text: unknown key 'modl', did you mean 'model'?"
