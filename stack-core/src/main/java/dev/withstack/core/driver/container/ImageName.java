package dev.withstack.core.driver.container;

/** How references to images are compared: as people write them, with the tag that an omitted one means. */
final class ImageName {

    private ImageName() {}

    /** Return the familiar name with its tag: {@code docker.io/library/redis} becomes {@code redis:latest}. */
    static String familiar(String reference) {
        String name = reference.startsWith("docker.io/") ? reference.substring("docker.io/".length()) : reference;
        name = name.startsWith("library/") ? name.substring("library/".length()) : name;
        boolean hasTagOrDigest = name.indexOf('@') >= 0 || name.lastIndexOf(':') > name.lastIndexOf('/');
        return hasTagOrDigest ? name : name + ":latest";
    }

    /** Tell whether a pattern stands for the familiar name; a {@code *} at its end stands for anything. */
    static boolean matches(String pattern, String familiarName) {
        return pattern.endsWith("*")
                ? familiarName.startsWith(pattern.substring(0, pattern.length() - 1))
                : familiar(pattern).equals(familiarName);
    }

    /** Return the host of the registry that the reference names; empty for Docker Hub, which is meant where none is. */
    static String registry(String reference) {
        int slash = reference.indexOf('/');
        String first = slash < 0 ? "" : reference.substring(0, slash);
        boolean isHost = first.contains(".") || first.contains(":") || first.equals("localhost");
        return isHost && !first.equals("docker.io") ? first : "";
    }

    /** Return the digits that the tag begins with, which is the major version; empty if there are none. */
    static String major(String reference) {
        int digest = reference.indexOf('@');
        String familiar = familiar(digest < 0 ? reference : reference.substring(0, digest));
        if (digest >= 0 && reference.lastIndexOf(':', digest) <= reference.lastIndexOf('/', digest)) {
            return "";
        }
        String tag = familiar.substring(familiar.lastIndexOf(':') + 1);
        int end = 0;
        while (end < tag.length() && Character.isDigit(tag.charAt(end))) {
            end++;
        }
        return tag.substring(0, end);
    }
}
