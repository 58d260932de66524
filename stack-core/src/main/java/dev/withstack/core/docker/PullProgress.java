package dev.withstack.core.docker;

/**
 * Hold one step of a pull.
 *
 * @param layer the short id of a layer; a tag, or empty, for words about the whole image
 * @param status {@code Downloading}, {@code Extracting}, {@code Pull complete}, {@code Already exists}
 * @param current bytes done of this step; 0 when it has none
 * @param total bytes of this step; 0 when unknown
 */
public record PullProgress(String layer, String status, long current, long total) {

    static PullProgress of(JsonObject json) {
        JsonObject detail = json.object("progressDetail");
        return new PullProgress(json.text("id"), json.text("status"), detail.number("current"), detail.number("total"));
    }
}
