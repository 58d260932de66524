package dev.withstack.coverage;

/** How a test came out. A test that ran several times came out as its worst time, the last named here. */
enum Result {
    NOT_RUN("not run"),
    PASSED("passed"),
    SKIPPED("skipped"),
    FAILED("**failed**");

    private final String text;

    Result(String text) {
        this.text = text;
    }

    Result worse(Result other) {
        return compareTo(other) >= 0 ? this : other;
    }

    @Override
    public String toString() {
        return text;
    }
}
