"""A mail server for trying things: takes every letter, delivers none, and shows them at http://HOST:8025."""

import email
import email.policy
import html
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Annotated

import typer

from linli_cli.stack.embedded.mail import MailSink


def main(
    directory: Annotated[Path, typer.Argument()],
    smtp_port: Annotated[int, typer.Option()] = 1025,
    http_port: Annotated[int, typer.Option()] = 8025,
    keep: Annotated[int, typer.Option(envvar="LINLI_RETAIN_DELIVERIES", min=0, help="Days; 0: for ever.")] = 180,
    host: Annotated[str, typer.Option(help="Where both listen; a container's own address.")] = "0.0.0.0",  # noqa: S104
) -> None:
    """Keep letters in DIRECTORY and show them."""
    MailSink(directory, smtp_port, keep, host).start()

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.lstrip("/")
            found = sorted(directory.glob("*.eml"), reverse=True)
            letter = next((path for path in found if path.name == name), None)
            if name and letter is None:
                self.send_error(404)
                return
            self._show(_letter(letter) if letter else _list(found))

        def _show(self, page: str) -> None:
            content = f"<!doctype html><meta charset=utf-8><title>Linli mail</title>{page}".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", "default-src 'none'")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Letters are nobody's business."""

    ThreadingHTTPServer((host, http_port), Pages).serve_forever()


def _list(letters: list[Path]) -> str:
    rows = [(path.name, _parsed(path)) for path in letters[:200]]
    return f"<p>{len(letters)} letters, newest first</p>" + "".join(
        f"<p><a href='/{name}'>{html.escape(str(letter['Subject']))}</a> {html.escape(str(letter['X-RcptTo']))}</p>"
        for name, letter in rows
    )


def _letter(path: Path) -> str:
    letter = _parsed(path)
    body = letter.get_body(("plain", "html"))
    heads = "\n".join(f"{name}: {value}" for name, value in letter.items())
    text = body.get_content() if body else ""
    return f"<p><a href='/'>All</a></p><pre>{html.escape(heads)}\n\n{html.escape(text)}</pre>"


def _parsed(path: Path) -> email.message.EmailMessage:
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


if __name__ == "__main__":
    typer.run(main)
