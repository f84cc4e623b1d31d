"""Manages notes in a folder; built with click."""
import datetime
import json
import pathlib

import click


class Store:
    def __init__(self, folder):
        self.file = pathlib.Path(folder) / "notes.json"

    def load(self):
        return json.loads(self.file.read_text()) if self.file.exists() else []

    def save(self, notes):
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(json.dumps(notes, indent=1))


@click.group()
@click.option("--folder", type=click.Path(file_okay=False), default="notes", envvar="NOTES")
@click.pass_context
def cli(ctx, folder):
    """Short notes."""
    ctx.obj = Store(folder)


@cli.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--tag", "-t", multiple=True)
@click.pass_obj
def add(store, text, tag):
    """Adds a note."""
    notes = store.load()
    notes.append({"text": " ".join(text), "tags": list(tag), "at": datetime.datetime.now().isoformat()})
    store.save(notes)
    click.echo("note %d" % len(notes))


@cli.command("list")
@click.option("--tag")
@click.pass_obj
def every(store, tag):
    """Lists the notes."""
    for i, n in enumerate(store.load(), 1):
        if tag is None or tag in n["tags"]:
            click.secho("%3d %s" % (i, n["text"]), fg="green" if n["tags"] else None)


@cli.command(name="exec")
@click.argument("number", type=int)
@click.confirmation_option(prompt="Really?")
@click.pass_obj
def execute(store, number):
    """Marks a note as executed; it runs nothing."""
    notes = store.load()
    try:
        notes[number - 1]["done"] = True
    except IndexError:
        raise click.ClickException("no note %d" % number)
    store.save(notes)


if __name__ == "__main__":
    cli()
