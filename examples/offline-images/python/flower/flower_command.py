"""Stand-in for Flower: `celery flower`, with /healthcheck, /metrics, /api/workers, /api/tasks, /api/task/info/ID and a plain
page, over Celery's own events. Celery loads this with every command of its, so what only the server needs comes later."""

import os

import click


def option(name, **more):
    """An option that a variable FLOWER_NAME gives too, and that may be written with - or with _."""
    spellings = {f"--{name}", f"--{name.replace('-', '_')}"}
    return click.option(*sorted(spellings), name.replace("-", "_"), envvar=f"FLOWER_{name.replace('-', '_').upper()}", **more)


@click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@option("port", type=int, default=5555)
@option("address", default="")
@option("basic-auth", default="")
@option("url-prefix", default="")
@click.pass_context
def flower(context, port, address, basic_auth, url_prefix):
    """Watch the workers (a stand-in for Flower)."""
    from flower_server import serve

    app = context.obj.app
    if not app.conf.broker_url and "CELERY_BROKER_URL" in os.environ:
        app.conf.broker_url = os.environ["CELERY_BROKER_URL"]
    serve(app, address, port, [pair for pair in basic_auth.split(",") if pair], "/" + url_prefix.strip("/") if url_prefix else "")
