-- The schema of Ordinaut, applied when the database is made.

-- What is to be done, and when: once (every is null) or again and again.
CREATE TABLE task (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    title       text NOT NULL,
    kind        text NOT NULL,
    payload     jsonb NOT NULL DEFAULT '{}',
    every       interval,
    next_at     timestamptz,
    created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX task_next_at ON task (next_at) WHERE next_at IS NOT NULL;

-- The queue. A row is taken with a lease and deleted in the transaction that has its effect.
CREATE TABLE due_work (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    task_id       uuid NOT NULL REFERENCES task ON DELETE CASCADE,
    due_at        timestamptz NOT NULL,
    run_at        timestamptz NOT NULL,
    failures      integer NOT NULL DEFAULT 0,
    lease         uuid,
    leased_until  timestamptz,
    UNIQUE (task_id, due_at)
);
CREATE INDEX due_work_run_at ON due_work (run_at, id);

-- What became of each piece of work.
CREATE TABLE run (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    task_id   uuid NOT NULL,
    work_id   bigint,
    outcome   text NOT NULL CHECK (outcome IN ('done', 'failed', 'given up', 'missed')),
    worker    text NOT NULL,
    detail    text NOT NULL DEFAULT '',
    ended_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX run_task_id ON run (task_id, id);

-- Where work of the kind 'ledger' has its effect. Nothing here keeps an entry from being written twice.
CREATE TABLE ledger (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    task_id   uuid NOT NULL,
    work_id   bigint NOT NULL,
    amount    numeric NOT NULL
);
