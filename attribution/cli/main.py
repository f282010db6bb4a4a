"""The program `attribution`: which commands there are, and what holds for all of them."""

from __future__ import annotations

import atexit
import errno
import io
import os
import signal
import sys
import traceback
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import click
from click.exceptions import NoSuchCommand

from attribution import __version__
from attribution.cli.options import common_options, debugging, json_format
from attribution.cli.terminal import printable
from attribution.errors import AttributionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from click.shell_completion import CompletionItem

INTERRUPTED = 130
BROKEN_PIPE = 128 + 13  # as a shell reports a program that SIGPIPE ended


class Entry(NamedTuple):
    """A command as `--help` lists it, known without importing its module."""

    name: str
    help: str

    @property
    def module(self) -> str:
        """Return the module whose `command` does the work."""
        return f"attribution.cli.{self.name.replace('-', '_')}"


SECTIONS: dict[str, tuple[Entry, ...]] = {
    "A case": (
        Entry("demo", "Copy the sample incident to DIR, run it and show the answer"),
        Entry("new", "Make a case folder DIR with a commented case.yaml"),
        Entry(
            "add", "Take evidence into CASE: files, folders, archives, git repositories or bundles"
        ),
        Entry("run", "Read, merge, build, compute and report"),
        Entry("timeline", "Show the merged timeline of CASE"),
        Entry("graph", "Show the causal graph"),
        Entry("import-graph", "Take a graph drawn by hand into CASE"),
        Entry("barriers", "Show what stood between causes and harm, and how far it spread"),
        Entry("review", "Go through what awaits a person's decision, one key an answer"),
        Entry(
            "decide",
            "Confirm, reject or contest proposed findings, edges, or the joining of records",
        ),
        Entry("attribute", "Show each party's share, its range and its breaches"),
        Entry("explain", "Say why a node, edge, breach or share is what it is"),
        Entry("whatif", "Show the outcome and the shares if facts had been otherwise"),
        Entry("compare", "Set the positions side by side and rank the cruxes"),
        Entry("culpability", "Show what bears on how blameworthy each breach of CASE was"),
        Entry("apportion", "Compute who owes what for the harm of CASE under a regime"),
        Entry("cover", "Hold an insurance policy against CASE, clause by clause"),
        Entry("loss", "Compute what the incident of CASE cost, head by head"),
        Entry("benchmark", "Set the shares of CASE beside published apportionments of like cases"),
        Entry(
            "hypotheses", "Set rival hypotheses side by side: what each explains and leaves open"
        ),
        Entry("report", "Write the documents for an audience"),
        Entry("verify", "Check CASE offline; exit 1 and name what differs"),
    ),
    "Parts usable alone": (
        Entry("formats", "List every format read: its id, what it is, and how it is told apart"),
        Entry("read", "Read FILE, account for every record in it, and show what became of it"),
        Entry(
            "provenance",
            "Say who and what wrote each commit of the git repository REPO, with the evidence",
        ),
        Entry(
            "oversight",
            "Say what review of each change really was, and what was enforced at its merge",
        ),
        Entry(
            "session",
            "Show what an agent did in its sessions, who let it through, and what was asked",
        ),
        Entry(
            "lines",
            "Say who or what wrote each line of FILE in the repository REPO, with the evidence",
        ),
        Entry("origin", "Find the commits that introduced what FIX repairs, a commit of REPO"),
        Entry(
            "risk",
            "Measure each COMMIT against the changes before it in REPO: was it unusual?",
        ),
        Entry(
            "release",
            "Say how COMMIT of REPO got out: tags, deployments, how long it ran, builds",
        ),
        Entry(
            "narrative",
            "Read the texts of SOURCE: what they say caused what, who says so, and what was done",
        ),
        Entry("causes", "Find the actual causes of the effect in the structural model MODEL"),
        Entry("potency", "Compute the shares of parties over the structural model MODEL"),
        Entry("regime", "Compute who owes what under regime ID from shares and damages"),
        Entry("regimes", "List the regimes known, with source and date verified"),
        Entry("language", "Find words of hindsight and blame in what was written by hand"),
        Entry("clocks", "Say when reports are due to authorities"),
    ),
    "The program": (Entry("completion", "Print the script that completes commands in a shell"),),
}

ENTRIES: dict[str, Entry] = {entry.name: entry for part in SECTIONS.values() for entry in part}


class Program(click.Group):
    """A group that imports a command's module only when that command is asked for."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the command names in the order a case goes through them."""
        return list(ENTRIES)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command with the common options added, or None if there is none so named."""
        entry = ENTRIES.get(cmd_name)
        if entry is None:
            return None
        command: click.Command = import_module(entry.module).command
        present = {param.name for param in command.params}
        taken = {option for param in command.params for option in param.opts}
        if "as_json" in present and "--format" not in taken:
            command.params.append(json_format())
        command.params += [param for param in common_options() if param.name not in present]
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command the arguments name; a misspelt one is answered with its neighbours."""
        try:
            return super().resolve_command(ctx, args)
        except NoSuchCommand as error:
            raise NoSuchCommand(error.command_name, possibilities=ENTRIES, ctx=ctx) from None

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands under their headings, from the table alone."""
        width = max(map(len, ENTRIES))
        for heading, entries in SECTIONS.items():
            with formatter.section(heading):
                formatter.write_dl([(entry.name.ljust(width), entry.help) for entry in entries])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the completions of a command name, from the table alone."""
        from click.shell_completion import CompletionItem

        names = [
            CompletionItem(entry.name, help=entry.help)
            for entry in ENTRIES.values()
            if entry.name.startswith(incomplete)
        ]
        return names + click.Command.shell_complete(self, ctx, incomplete)

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:  # noqa: ANN401 - click's own
        """Read the arguments; Ctrl-C meanwhile is told as it is later, not as click tells it."""
        try:
            return super().make_context(*args, **kwargs)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            raise SystemExit(INTERRUPTED) from None

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Run the command; turn what a user can mend into a message and an exit status."""
        if os.environ.get("NO_COLOR"):
            ctx.color = False
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, click.Abort):
            _give_up(ctx, "interrupted", INTERRUPTED)
        except AttributionError as error:
            _give_up(ctx, error.diagnostics(), error.exit_status)
        except OSError as error:
            if error.errno == errno.EPIPE:
                _close_stdout()
                ctx.exit(BROKEN_PIPE)
            _give_up(ctx, _describe_os_error(error), AttributionError.exit_status)
        except UnicodeError as error:
            _give_up(ctx, _describe_unicode_error(error), AttributionError.exit_status)
        except RuntimeError as error:
            # Python 3.11 wraps what happens while a class is made, as on importing a module.
            if not isinstance(error.__cause__, KeyboardInterrupt):
                raise
            _give_up(ctx, "interrupted", INTERRUPTED)


def _give_up(ctx: click.Context, message: str, status: int) -> NoReturn:
    if debugging():
        traceback.print_exc()
    click.echo(printable(message), err=True)
    ctx.exit(status)


def _close_stdout() -> None:
    """Send what is still buffered nowhere: its reader, such as `head`, has gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _describe_os_error(error: OSError) -> str:
    return AttributionError(
        error.strerror or "the system refused",
        file=None if error.filename is None else str(error.filename),
        expected="a file or folder that can be read and written",
        remedy="check that it exists, its permissions and the space on the disk",
    ).diagnostics()


def _describe_unicode_error(error: UnicodeError) -> str:
    return AttributionError(
        "text that is not in the encoding it was read as",
        got=str(error),
        expected="UTF-8",
        remedy="convert the file to UTF-8; `--debug` shows where it was read",
    ).diagnostics()


@click.command(
    cls=Program,
    params=list(common_options()),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="`attribution COMMAND --help` says more. Exit status: 0 done, 1 the answer is no, "
    "2 bad usage or input, 130 interrupted.",
)
@click.version_option(__version__, prog_name="attribution")
def program() -> None:
    """From an incident's records to who caused how much of the harm, with the evidence."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the program and exit with its status.

    Output is UTF-8 with LF line ends whatever the locale: the same input gives the same bytes.
    """
    status: object = 0
    try:
        # Once all is said, Ctrl-C has nothing left to end but the way out.
        atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
        try:
            program.main(arguments, prog_name="attribution")
        except SystemExit as done:
            status = done.code
        sys.stdout.flush()
    except BrokenPipeError:
        _close_stdout()
        status = BROKEN_PIPE
    except KeyboardInterrupt:
        status = INTERRUPTED
    raise SystemExit(status)
