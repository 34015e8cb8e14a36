"""A package for others: exactly what it rests on, accepted by other tools, checkable by hand without holdfast."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from fastwarc.warc import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.archive.custody import tsa
from tests.starter import holdfast

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def home(toured: Path) -> Path:
    return toured


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tsa.Authority:
    return tsa.Authority(tmp_path_factory.mktemp("tsa"))


@pytest.fixture(scope="module")
def package(home: Path, authority: tsa.Authority) -> Path:
    """Everything of the demo, from a log that an authority has stamped, and that has gone on since."""
    target = home.parent / "evidence.wacz"
    with tsa.serving(authority.answer) as url:
        with (home / "holdfast.toml").open("a", encoding="utf-8") as settings:
            settings.write(f'\ntimestamp_url = "{url}"\ntimestamp_ca = "{authority.root}"\n')
        assert holdfast("--home", home, "custody", "stamp").returncode == 0
    assert holdfast("--home", home, "custody", "new-key").returncode == 0
    result = holdfast("--home", home, "export", "wacz", "--campaign", "demo", "-o", target)
    assert result.returncode == 0, result.stderr
    return target


def records(package: Path) -> list[tuple[str, str]]:
    """Kind and address of every record in a package."""
    with zipfile.ZipFile(package) as wacz, wacz.open("archive/data.warc.gz") as warc:
        found = ArchiveIterator(warc, parse_http=False)
        return [
            (record.headers["WARC-Type"], record.headers.get("WARC-Target-URI") or "") for record in found
        ]


def validated(package: Path) -> str:
    command = [str(Path(sys.executable).with_name("wacz")), "validate", "-f", str(package)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout
    return result.stdout


def test_wacz_validate_accepts_it(package: Path) -> None:
    assert "invalid" not in validated(package)


@pytest.mark.parametrize("chosen", ["source", "page", "observation"])
def test_wacz_validate_accepts_a_part_and_each_record_of_it_is_proved(
    home: Path, tmp_path: Path, chosen: str
) -> None:
    (first, *_) = map(json.loads, holdfast("--home", home, "observations", "--json").stdout.splitlines())
    asked = {
        "source": ("--campaign", "demo", "--source", urlsplit(first["url"]).hostname),
        "page": ("--campaign", "demo", "--page", first["url"]),
        "observation": ("--observation", first["id"]),
    }[chosen]
    target = tmp_path / "part.wacz"
    result = holdfast("--home", home, "export", "wacz", *asked, "-o", target)
    assert result.returncode == 0, result.stderr
    assert "invalid" not in validated(target)
    assert first["url"] in [url for kind, url in records(target) if kind == "response"]
    checked = holdfast("custody", "check", target)
    assert checked.returncode == 0, checked.stdout
    assert f"{len(records(target))} records" in checked.stderr


def test_its_signature_is_the_one_that_replayweb_page_checks(package: Path) -> None:
    with zipfile.ZipFile(package) as wacz:
        signed = json.loads(wacz.read("datapackage-digest.json"))["signedData"]
    key = load_der_public_key(base64.b64decode(signed["publicKey"]))
    assert isinstance(key, EllipticCurvePublicKey)
    raw = base64.b64decode(signed["signature"])
    numbers = int.from_bytes(raw[:48], "big"), int.from_bytes(raw[48:], "big")
    key.verify(encode_dss_signature(*numbers), signed["hash"].encode(), ECDSA(SHA256()))


def test_one_claim_is_packed_with_exactly_what_it_rests_on(home: Path) -> None:
    listed = holdfast("--home", home, "observations", "--modality", "iris", "--json").stdout.splitlines()
    observation = json.loads(listed[0])
    target = home.parent / "one.wacz"
    assert (
        holdfast(
            "--home", home, "export", "wacz", "--observation", observation["id"], "-o", target
        ).returncode
        == 0
    )
    addresses = {address for kind, address in records(target) if kind in ("response", "revisit")}
    assert observation["url"] in addresses
    assert all(address == observation["url"] or "/images/" in address for address in addresses)
    with zipfile.ZipFile(target) as wacz:
        pages = [json.loads(line) for line in wacz.read("pages/pages.jsonl").splitlines()][1:]
    assert [page["url"] for page in pages] == [observation["url"]]
    assert observation["quote"] in pages[0]["text"]


def test_a_page_that_was_deleted_is_packed_with_both_its_captures(home: Path) -> None:
    pages = [json.loads(line) for line in holdfast("--home", home, "pages", "--json").stdout.splitlines()]
    gone = next(page["url"] for page in pages if page["availability"] == "deleted_by_publisher")
    target = home.parent / "gone.wacz"
    asked = ("--campaign", "demo", "--page", gone, "-o", target)
    assert holdfast("--home", home, "export", "wacz", *asked).returncode == 0
    assert records(target).count(("response", gone)) == 2


def test_an_existing_file_is_never_overwritten(home: Path, package: Path) -> None:
    before = package.read_bytes()
    result = holdfast("--home", home, "export", "wacz", "--campaign", "demo", "-o", package)
    assert result.returncode == 2
    assert "is there already" in result.stderr
    assert package.read_bytes() == before


def checked_by_hand(
    package: Path, authority: Path, folder: Path, *shell: str
) -> subprocess.CompletedProcess[str]:
    """Every grey box of docs/verify-by-hand.md, one after the other, in a shell without holdfast."""
    shutil.copy(package, folder / "evidence.wacz")
    shutil.copy(authority, folder / "authority.pem")
    page = (REPOSITORY / "docs" / "verify-by-hand.md").read_text(encoding="utf-8")
    boxes = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    tools = folder / "bin"
    tools.mkdir()
    # warcio 1.8.1 stumbles over brotli 1.2, which a reader of the page has not installed.
    lines = (
        "import sys",
        "sys.modules['brotli'] = None",
        "from warcio.cli import main",
        "main(sys.argv[1:])",
        "",
    )
    (tools / "warcio").write_text(f"#!{sys.executable}\n" + "\n".join(lines))
    (tools / "warcio").chmod(0o755)
    return subprocess.run(
        ["bash", *shell, "-c", "\n".join(boxes)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": f"{tools}:/usr/local/bin:/usr/bin:/bin"},
    )


def test_the_commands_of_verify_by_hand_work_without_holdfast(
    package: Path, authority: tsa.Authority, tmp_path: Path
) -> None:
    said = checked_by_hand(package, authority.root, tmp_path, "-e", "-o", "pipefail")
    assert said.returncode == 0, said.stderr
    assert "archive/data.warc.gz: OK" in said.stdout
    assert "FAILED" not in said.stdout
    assert "digest failed" not in said.stdout
    assert "Signature Verified Successfully" in said.stdout
    assert said.stdout.count(": in the log") >= 2
    assert said.stdout.count(": as sealed") == len(records(package))
    assert said.stdout.count(": was stamped") == said.stdout.count(": in the log")
    assert "Verification: OK" in said.stdout + said.stderr
    assert "every byte is as sealed" in said.stdout
    assert "NOT " not in said.stdout


def test_the_commands_of_verify_by_hand_find_a_record_that_was_never_sealed(
    package: Path, authority: tsa.Authority, tmp_path: Path
) -> None:
    """All digests in the WARC still hold: only the log knows the bytes that were sealed."""
    forged = tmp_path / "forged.wacz"
    with zipfile.ZipFile(package) as source, zipfile.ZipFile(forged, "w") as target:
        warc = source.read("archive/data.warc.gz")
        rows = source.read(min(n for n in source.namelist() if "/records-" in n)).splitlines()
        place = json.loads(rows[0])
        begin, end = place["offset"], place["offset"] + place["length"]
        # The same plain bytes in another gzip member of the same length: every digest in the WARC still holds.
        other = bytearray(warc[begin:end])
        other[4:8] = b"\1\0\0\0"
        changed = {"archive/data.warc.gz": warc[:begin] + bytes(other) + warc[end:]}
        for name in source.namelist():
            target.writestr(name, changed.get(name, source.read(name)))
    said = checked_by_hand(forged, authority.root, tmp_path)
    assert said.stdout.count(": NOT as sealed") == 2, "the record, and the byte where it stands"
    assert "archive/data.warc.gz: FAILED" in said.stdout
    result = holdfast("custody", "check", forged)
    assert result.returncode == 1
    assert "the record is not one of the file that was sealed" in result.stdout


def invented_record() -> bytes:
    """A page that nobody archived, as a record whose digests hold."""
    written = io.BytesIO()
    writer = WARCWriter(written, gzip=True)
    head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
    page = io.BytesIO(b"<html>synthetic</html>")
    writer.write_record(
        writer.create_warc_record("http://site.example/invented", "response", payload=page, http_headers=head)
    )
    return written.getvalue()


def repacked(package: Path, target: Path, files: dict[str, bytes]) -> None:
    """The package with other files in it, its lists of digests made to fit, unsigned."""
    with zipfile.ZipFile(package) as source:
        found = {name: source.read(name) for name in source.namelist()} | files
    listed = json.loads(found["datapackage.json"])
    for each in listed["resources"]:
        content = found[each["path"]]
        each |= {"hash": f"sha256:{hashlib.sha256(content).hexdigest()}", "bytes": len(content)}
    found["datapackage.json"] = json.dumps(listed, ensure_ascii=False, indent=2).encode()
    digest = hashlib.sha256(found["datapackage.json"]).hexdigest()
    told = {"path": "datapackage.json", "hash": f"sha256:{digest}"}
    found["datapackage-digest.json"] = json.dumps(told, indent=2).encode()
    with zipfile.ZipFile(target, "w") as out:
        for name, content in found.items():
            out.writestr(name, content)


def test_the_commands_of_verify_by_hand_find_a_record_that_was_added_with_another_ones_proof(
    package: Path, authority: tsa.Authority, tmp_path: Path
) -> None:
    """There are as many proofs as records, each of them holds, and so do all digests of the package."""
    with zipfile.ZipFile(package) as source:
        warc = source.read("archive/data.warc.gz")
        proofs = min(name for name in source.namelist() if "/records-" in name)
        rows = source.read(proofs).splitlines(keepends=True)
    changed = {"archive/data.warc.gz": warc + invented_record(), proofs: b"".join([*rows, rows[0]])}
    forged = tmp_path / "forged.wacz"
    repacked(package, forged, changed)
    said = checked_by_hand(forged, authority.root, tmp_path)
    assert "archive/data.warc.gz: OK" in said.stdout
    assert f"from byte {len(warc)} to " in said.stdout
    assert "NOT as sealed" in said.stdout
    assert "every byte is as sealed" not in said.stdout
    assert holdfast("custody", "check", forged).returncode == 1


def test_custody_check_says_the_same_without_a_workspace(
    package: Path, authority: tsa.Authority, tmp_path: Path
) -> None:
    assert (
        holdfast("--home", tmp_path, "custody", "check", package, "--authority", authority.root).returncode
        == 0
    )
    other = tsa.Authority(tmp_path / "other")
    result = holdfast("custody", "check", package, "--authority", other.root)
    assert result.returncode == 1
    assert "the time-stamp does not hold" in result.stdout


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PRIVATE KEY-----\nbroken\n"])
def test_a_key_that_is_none_is_named_and_nothing_is_written(
    home: Path, package: Path, content: bytes
) -> None:
    key = home / "custody" / "wacz-key.pem"
    kept = key.read_bytes()
    target = home.parent / "unsigned.wacz"
    assert key.stat().st_mode & 0o077 == 0
    try:
        key.write_bytes(content)
        result = holdfast("--home", home, "export", "wacz", "--campaign", "demo", "-o", target)
    finally:
        key.write_bytes(kept)
    assert result.returncode == 2
    assert result.stderr.startswith(
        f"holdfast: {key} is not the key that packages are signed with; restore it"
    )
    assert result.stderr.count("\n") == 1
    assert not target.exists()
