package lv.tdam.client;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The final answer to a pain.001: a pain.002 of the same generation. The same bytes always get the same answer. */
public final class PaymentAnswer {
    /** The group status stands near the beginning; the search ends there. */
    private static final int HEAD_BYTES = 16 << 10;
    private static final Pattern GROUP_STATUS = Pattern.compile("<(?:[A-Za-z0-9_.-]+:)?GrpSts>\\s*([A-Z]{4})\\s*</");

    private final byte[] xml;
    private final String messageType;
    private final boolean isRepeated;
    private final String requestId;

    PaymentAnswer(byte[] xml, String messageType, boolean isRepeated, String requestId) {
        this.xml = xml;
        this.messageType = messageType;
        this.isRepeated = isRepeated;
        this.requestId = requestId;
    }

    /** {@return the pain.002, byte for byte} */
    public byte[] xml() {
        return xml.clone();
    }

    /** {@return the type of the message, such as {@code pain.002.001.10}} */
    public Optional<String> messageType() {
        return Optional.ofNullable(messageType);
    }

    /** {@return what became of the message: {@code ACCP}, {@code PART}, {@code RJCT}, …; empty when the answer has no {@code GrpSts}} */
    public String groupStatus() {
        return groupStatus(xml);
    }

    /** {@return whether these bytes were answered before, and this is that answer again} */
    public boolean isRepeated() {
        return isRepeated;
    }

    /** {@return by what the operator finds the request} */
    public Optional<String> requestId() {
        return Optional.ofNullable(requestId);
    }

    static String groupStatus(byte[] xml) {
        Matcher matcher = GROUP_STATUS.matcher(new String(xml, 0, Math.min(xml.length, HEAD_BYTES), StandardCharsets.UTF_8));
        return matcher.find() ? matcher.group(1) : "";
    }
}
