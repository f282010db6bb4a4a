"""`attribution completion`: the script that makes a shell complete this program's words."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the script that completes commands in a shell.

    For bash, put `eval "$(attribution completion bash)"` into ~/.bashrc; for zsh the same with zsh
    into ~/.zshrc; for fish, save the output as ~/.config/fish/completions/attribution.fish.
    """
    completer = get_completion_class(shell)
    if completer is None:
        raise click.UsageError(f"click knows no completion for {shell}")
    root = ctx.find_root().command
    click.echo(completer(root, {}, "attribution", "_ATTRIBUTION_COMPLETE").source())
