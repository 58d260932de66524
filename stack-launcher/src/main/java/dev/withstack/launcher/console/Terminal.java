package dev.withstack.launcher.console;

/** What stands behind the streams: a person at a terminal, a file, or another program. */
public interface Terminal {

    /** Tell whether what is printed is shown on a terminal that can move its cursor. */
    boolean showsOutput();

    /** Tell whether errors are shown on such a terminal. */
    boolean showsErrors();

    /** Tell whether a person can answer a question. */
    boolean canAnswer();

    /** Return how large the terminal is now; it may be resized at any time. */
    Size size();

    /** Columns and rows of characters. */
    record Size(int columns, int rows) {
        public static final Size USUAL = new Size(80, 24);
    }

    /** No terminal anywhere: pipes and files. */
    Terminal NONE = new Terminal() {
        @Override
        public boolean showsOutput() {
            return false;
        }

        @Override
        public boolean showsErrors() {
            return false;
        }

        @Override
        public boolean canAnswer() {
            return false;
        }

        @Override
        public Size size() {
            return Size.USUAL;
        }
    };
}
