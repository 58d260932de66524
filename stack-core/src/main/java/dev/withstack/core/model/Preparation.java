package dev.withstack.core.model;

import java.util.List;

/**
 * Something that must hold on the host before a process can run, and how to bring it about.
 *
 * @param what a person would call it, such as {@code packages of requirements.txt}
 * @param check ends with exit code 0 where it holds; else the last line that it prints says what is missing
 * @param remedy brings it about
 */
public record Preparation(String what, List<String> check, List<String> remedy) {
    public Preparation {
        check = List.copyOf(check);
        remedy = List.copyOf(remedy);
    }
}
