package dev.withstack.core.compose;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which keys a mapping of a Compose file may have: those that are read, those without an effect here, and those that
 * would change what the file means if they were left out. A key that is none of them is a finding too: nothing is passed
 * over in silence.
 */
final class Vocabulary {
    static final Vocabulary TOP = new Vocabulary("a Compose file")
            .read("version name services networks volumes secrets configs include")
            .refused("models", "no service of ours is a model.");

    static final Vocabulary INCLUDE = new Vocabulary("'include'").read("path project_directory env_file");

    static final Vocabulary EXTENDS = new Vocabulary("'extends'").read("service file");

    static final Vocabulary SERVICE = new Vocabulary("a service")
            .read("image build command entrypoint environment env_file ports expose volumes tmpfs networks depends_on")
            .read("healthcheck restart deploy mem_limit mem_reservation cpus cpu_shares pids_limit user read_only")
            .read("cap_add cap_drop security_opt logging labels stop_grace_period stop_signal init extra_hosts")
            .read("working_dir profiles secrets configs container_name hostname links scale privileged tty")
            .read("stdin_open sysctls ulimits shm_size group_add network_mode pid ipc uts userns_mode")
            .read("dns dns_opt dns_search devices gpus volumes_from runtime")
            .noEffect("pull_policy", "an image that is missing is pulled, one that is there is used.")
            .noEffect("platform", "the image is taken as the engine has it.")
            .noEffect("attach", "logs are shown by 'logs'.")
            .noEffect("annotations", "they are not set.")
            .noEffect("develop", "nothing is watched for changes; a changed source is built at the next start.")
            .noEffect("memswap_limit", "a container with a memory limit has no swap.")
            .noEffect("mem_swappiness", "a container with a memory limit has no swap.")
            .noEffect("oom_score_adj", "it is not set.")
            .noEffect("oom_kill_disable", "it is not set.")
            .noEffect("blkio_config", "it is not set.")
            .noEffect("cpu_count", "it is not set.")
            .noEffect("cpu_percent", "it is not set.")
            .noEffect("cpu_period", "it is not set: say 'cpus'.")
            .noEffect("cpu_quota", "it is not set: say 'cpus'.")
            .noEffect("cpuset", "it is not set: say 'cpus'.")
            .noEffect("label_file", "these labels are not set.")
            .refused("external_links", "what the stack does not have can't be found by name.")
            .refused("device_cgroup_rules", "name each device in 'devices'.")
            .refused("cgroup", "a container has a control group of its own.")
            .refused("cgroup_parent", "a container has a control group of its own.")
            .refused("isolation", "it is a matter of Windows.")
            .refused("credential_spec", "it is a matter of Windows.")
            .refused("storage_opt", "the size of a container's own files is not limited.")
            .refused("domainname", "say it in 'hostname'.")
            .refused("mac_address", "the engine gives addresses.")
            .refused("provider", "only containers are started.")
            .refused("models", "no service of ours is a model.")
            .refused("use_api_socket", "the engine's socket is not handed on.")
            .refused("post_start", "nothing is run inside a container that was started.")
            .refused("pre_stop", "nothing is run inside a container that is stopped.");

    static final Vocabulary BUILD = new Vocabulary("'build'")
            .read("context dockerfile dockerfile_inline args target")
            .noEffect("cache_from", "the engine's own cache is used.")
            .noEffect("cache_to", "the engine's own cache is used.")
            .noEffect("no_cache", "say 'build --no-cache'.")
            .noEffect("pull", "base images that are missing are pulled.")
            .noEffect("labels", "the image is not given them.")
            .noEffect("tags", "the image has the one name.")
            .noEffect("platforms", "the image is built for the engine's own.")
            .noEffect("shm_size", "it is not set for the build.")
            .noEffect("ulimits", "they are not set for the build.")
            .noEffect("provenance", "none is written.")
            .noEffect("sbom", "none is written.")
            .noEffect("network", "a build has the engine's usual network.")
            .refused("additional_contexts", "a build sees its own context only.")
            .refused("secrets", "a build is given no secrets.")
            .refused("ssh", "a build is given no keys.")
            .refused("extra_hosts", "a build finds names as the engine does.")
            .refused("isolation", "it is a matter of Windows.")
            .refused("entitlements", "a build may do what is usual.")
            .refused("privileged", "a build may do what is usual.");

    static final Vocabulary HEALTHCHECK =
            new Vocabulary("'healthcheck'").read("test interval timeout retries start_period start_interval disable");

    static final Vocabulary DEPENDENCY = new Vocabulary("'depends_on'").read("condition required restart");

    static final Vocabulary DEPLOY = new Vocabulary("'deploy'")
            .read("replicas resources restart_policy mode")
            .noEffect("labels", "they are for a swarm.")
            .noEffect("placement", "there is one engine.")
            .noEffect("endpoint_mode", "it is for a swarm.")
            .noEffect("update_config", "it is for a swarm.")
            .noEffect("rollback_config", "it is for a swarm.");

    static final Vocabulary RESOURCES = new Vocabulary("'resources'").read("limits reservations");

    static final Vocabulary LIMITS = new Vocabulary("'limits'")
            .read("cpus memory pids")
            .refused("devices", "devices are reserved, not limited: say it under 'reservations'.");

    static final Vocabulary RESERVATIONS = new Vocabulary("'reservations'")
            .read("cpus memory pids devices")
            .refused("generic_resources", "they are for a swarm.");

    static final Vocabulary DEVICE_REQUEST =
            new Vocabulary("a request for devices").read("driver count device_ids capabilities options");

    static final Vocabulary RESTART_POLICY = new Vocabulary("'restart_policy'")
            .read("condition")
            .noEffect("delay", "the engine waits as it does.")
            .noEffect("max_attempts", "the engine tries on.")
            .noEffect("window", "the engine waits as it does.");

    static final Vocabulary PORT =
            new Vocabulary("a port").read("target published host_ip protocol app_protocol name mode");

    static final Vocabulary MOUNT = new Vocabulary("a mount")
            .read("type source target read_only bind volume tmpfs")
            .noEffect("consistency", "files are as the host has them.")
            .refused("image", "the content of an image can't be mounted.");

    static final Vocabulary BIND = new Vocabulary("'bind'")
            .read("create_host_path")
            .noEffect("propagation", "mounts of the host are not handed on.")
            .noEffect("recursive", "it is not set.")
            .noEffect("selinux", "labels of SELinux are not set.");

    static final Vocabulary OF_VOLUME = new Vocabulary("'volume'")
            .noEffect("nocopy", "an empty volume begins with what the image has there.")
            .refused("subpath", "a volume is mounted as a whole.");

    static final Vocabulary OF_TMPFS = new Vocabulary("'tmpfs'")
            .noEffect("size", "it may be as large as memory.")
            .noEffect("mode", "everybody may write to it.");

    static final Vocabulary MEMBERSHIP = new Vocabulary("a service's network")
            .read("aliases ipv4_address")
            .noEffect("priority", "networks are joined in their order.")
            .noEffect("gw_priority", "networks are joined in their order.")
            .refused("ipv6_address", "the engine gives addresses; services find each other by name.")
            .refused("link_local_ips", "the engine gives addresses; services find each other by name.")
            .refused("interface_name", "the engine names interfaces.")
            .refused("driver_opts", "the network is a bridge without options.")
            .refused("mac_address", "the engine gives addresses.");

    static final Vocabulary NETWORK = new Vocabulary("a network")
            .read("name driver internal external ipam")
            .noEffect("labels", "it has our labels only.")
            .noEffect("attachable", "it is for a swarm.")
            .noEffect("driver_opts", "it is a bridge without options.")
            .noEffect("enable_ipv4", "it has version 4 of IP.")
            .noEffect("enable_ipv6", "it has version 4 of IP only.");

    static final Vocabulary IPAM = new Vocabulary("'ipam'")
            .read("config driver")
            .refused("options", "addresses are given as the engine does.");

    static final Vocabulary POOL = new Vocabulary("'ipam'")
            .read("subnet")
            .noEffect("gateway", "it is the first address of the subnet.")
            .refused("ip_range", "the engine gives addresses of the whole subnet.")
            .refused("aux_addresses", "the engine gives addresses of the whole subnet.");

    static final Vocabulary VOLUME = new Vocabulary("a volume")
            .read("name external driver driver_opts")
            .noEffect("labels", "it has our labels only.");

    static final Vocabulary SECRET = new Vocabulary("a secret")
            .read("file environment name")
            .noEffect("labels", "it is a file of the container.")
            .refused(
                    "external",
                    "nobody else keeps secrets for the stack: name a 'file' or a variable in 'environment'.")
            .refused("driver", "nobody else keeps secrets for the stack.")
            .refused("template_driver", "it is for a swarm.");

    static final Vocabulary CONFIG = new Vocabulary("a config")
            .read("file environment content name")
            .noEffect("labels", "it is a file of the container.")
            .refused("external", "nobody else keeps configs for the stack: name a 'file' or its 'content'.")
            .refused("template_driver", "it is for a swarm.");

    static final Vocabulary GIVEN = new Vocabulary("a secret or config of a service")
            .read("source target")
            .noEffect("uid", "the file is root's, and everybody in the container may read it.")
            .noEffect("gid", "the file is root's, and everybody in the container may read it.")
            .noEffect("mode", "the file is root's, and everybody in the container may read it.");

    static final Vocabulary LOGGING = new Vocabulary("'logging'").read("driver options");

    static final Vocabulary ULIMIT = new Vocabulary("a limit").read("soft hard");

    private enum Standing {
        READ,
        WITHOUT_EFFECT,
        REFUSED
    }

    private record Word(Standing standing, String why) {}

    private final String where;
    private final Map<String, Word> words = new LinkedHashMap<>();

    private Vocabulary(String where) {
        this.where = where;
    }

    private Vocabulary read(String keys) {
        for (String key : List.of(keys.split(" "))) {
            words.put(key, new Word(Standing.READ, ""));
        }
        return this;
    }

    private Vocabulary noEffect(String key, String why) {
        words.put(key, new Word(Standing.WITHOUT_EFFECT, why));
        return this;
    }

    private Vocabulary refused(String key, String why) {
        words.put(key, new Word(Standing.REFUSED, why));
        return this;
    }

    /** Report every key of the part that is not read; those that begin with {@code x-} are nobody's business. */
    void check(Part part, Findings findings) {
        part.fields().forEach((key, field) -> {
            Word word = words.get(key);
            if (key.startsWith("x-")) {
                return;
            }
            if (word == null) {
                findings.error(field.place(), "'" + key + "' is no key of " + where + ".", suggestion(key));
            } else if (word.standing() == Standing.REFUSED && isSaid(field.value())) {
                findings.error(field.place(), "'" + key + "' is not supported: " + word.why(), "");
            } else if (word.standing() == Standing.WITHOUT_EFFECT) {
                findings.warning(field.place(), "'" + key + "' has no effect: " + word.why(), "");
            }
        });
    }

    private String suggestion(String key) {
        String nearest = words.keySet().stream()
                .min(Comparator.comparingInt(word -> distance(word, key)))
                .orElse(key);
        return distance(nearest, key) <= 2
                ? "Did you mean '" + nearest + "'?"
                : "It has: " + String.join(", ", own()) + ".";
    }

    /** Count the letters that have to be added, left out or changed to make the one of the other. */
    private static int distance(String one, String other) {
        int[] before = new int[other.length() + 1];
        Arrays.setAll(before, at -> at);
        for (int i = 1; i <= one.length(); i++) {
            int[] now = new int[other.length() + 1];
            now[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int changed = before[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                now[j] = Math.min(changed, 1 + Math.min(before[j], now[j - 1]));
            }
            before = now;
        }
        return before[other.length()];
    }

    private List<String> own() {
        return words.entrySet().stream()
                .filter(word -> word.getValue().standing() == Standing.READ)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** What is switched off, or empty, says nothing. */
    private static boolean isSaid(Item value) {
        boolean isOff = value instanceof Item.Text text && text.text().equals("false");
        boolean isEmpty = value instanceof Item.Many many && many.items().isEmpty();
        return !(isOff || isEmpty || value instanceof Item.Nothing);
    }
}
