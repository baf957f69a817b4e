package lv.tdam.client;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The identities of a client as they were read, and the one that counts now. */
final class Identities {
    private static final class Entry {
        final Identity identity;
        final Credentials credentials;

        Entry(Identity identity, Credentials credentials) {
            this.identity = identity;
            this.credentials = credentials;
        }
    }

    private final List<Entry> entries;

    private Identities(List<Entry> entries) {
        this.entries = entries;
    }

    static Identities read(List<Identity> identities) {
        List<Entry> entries = new ArrayList<>();
        for (Identity identity : identities) {
            // Beside others, files that are not there yet are those of the next certificate.
            if (identities.size() == 1 || !identity.files().map(IdentityFiles::areAbsent).orElse(false)) {
                entries.add(new Entry(identity, identity.read()));
            }
        }
        if (entries.isEmpty() && !identities.isEmpty()) {
            identities.get(0).read();
        }
        return new Identities(entries);
    }

    static Identities of(Credentials credentials) {
        return new Identities(List.of(new Entry(null, credentials)));
    }

    /**
     * The newest that is valid; where none is, the newest, because this machine's clock may be wrong and the exchange says it better.
     */
    private Optional<Entry> entryAt(Instant moment) {
        Entry best = null;
        for (Entry entry : entries) {
            if (best == null || isBetter(entry.credentials, best.credentials, moment)) {
                best = entry;
            }
        }
        return Optional.ofNullable(best);
    }

    private static boolean isBetter(Credentials one, Credentials other, Instant moment) {
        if (one.isValidAt(moment) != other.isValidAt(moment)) {
            return one.isValidAt(moment);
        }
        int later = one.notBefore().compareTo(other.notBefore());
        return later != 0 ? later > 0 : one.notAfter().isAfter(other.notAfter());
    }

    Optional<Credentials> at(Instant moment) {
        return entryAt(moment).map(entry -> entry.credentials);
    }

    /** The files of the one that counts. */
    Optional<IdentityFiles> filesAt(Instant moment) {
        return entryAt(moment).flatMap(entry -> entry.identity.files());
    }
}
