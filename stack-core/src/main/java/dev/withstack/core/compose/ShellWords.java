package dev.withstack.core.compose;

import java.util.ArrayList;
import java.util.List;

/** Splits a line into words as a shell does, with quotes and backslashes; nothing is put in or run. */
final class ShellWords {

    private ShellWords() {}

    static List<String> of(String line, Place place, Findings findings) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean isWord = false;
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char next = line.charAt(i);
            if (quote == 0 && Character.isWhitespace(next)) {
                if (isWord) {
                    words.add(word.toString());
                    word.setLength(0);
                    isWord = false;
                }
            } else if (next == '\\' && quote != '\'' && i + 1 < line.length()) {
                i++;
                if (line.charAt(i) == '\n') {
                    continue;
                }
                boolean isKept = quote == '"' && "\\\"$`".indexOf(line.charAt(i)) < 0;
                word.append(isKept ? "\\" : "").append(line.charAt(i));
                isWord = true;
            } else if (quote == 0 && (next == '"' || next == '\'')) {
                quote = next;
                isWord = true;
            } else if (next == quote) {
                quote = 0;
            } else {
                word.append(next);
                isWord = true;
            }
        }
        if (quote != 0) {
            findings.error(
                    place, "the quote " + quote + " in it is not closed.", "Close it, or write a list of words.");
        }
        if (isWord) {
            words.add(word.toString());
        }
        return words;
    }
}
