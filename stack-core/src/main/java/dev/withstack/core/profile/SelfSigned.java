package dev.withstack.core.profile;

import java.util.List;

/**
 * A certificate that a stack needs and signs itself until the user has a real one.
 *
 * @param certificateSetting the setting that names the certificate's file
 * @param certificate where it is made in the project
 * @param keySetting the setting that names the key's file
 * @param key where it is made in the project
 * @param hosts the names that it is good for, the one it is issued to first
 */
public record SelfSigned(
        String certificateSetting, String certificate, String keySetting, String key, List<String> hosts) {
    public SelfSigned {
        hosts = List.copyOf(hosts);
    }
}
