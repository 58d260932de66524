package dev.withstack.core.compose;

/**
 * Where something stands: what messages begin with.
 *
 * @param file its name as people know it
 * @param line counted from 1
 * @param column counted from 1
 */
record Place(String file, int line, int column) {
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
