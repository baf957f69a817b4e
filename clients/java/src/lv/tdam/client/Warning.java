package lv.tdam.client;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the exchange will refuse later unless somebody acts: certificate or registration end soon. */
public final class Warning {
    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9-]+");
    private static final Pattern DAYS = Pattern.compile("-?[0-9]{1,9}");

    private final String code;
    private final OptionalLong daysLeft;
    private final Optional<LocalDate> ends;

    private Warning(String code, OptionalLong daysLeft, Optional<LocalDate> ends) {
        this.code = code;
        this.daysLeft = daysLeft;
        this.ends = ends;
    }

    /** {@return the code of the catalogue: {@code TDAM-1071} for the certificate, {@code TDAM-1072} for the registration} */
    public String code() {
        return code;
    }

    /** {@return what ends: {@code certificate}, {@code registration}, or the code of a warning that this library does not know} */
    public String what() {
        switch (code) {
            case "TDAM-1071":
                return "certificate";
            case "TDAM-1072":
                return "registration";
            default:
                return code;
        }
    }

    /** {@return the days left, counted in Europe/Riga} */
    public OptionalLong daysLeft() {
        return daysLeft;
    }

    /** {@return the last day} */
    public Optional<LocalDate> ends() {
        return ends;
    }

    /** Reads a field of the answer (RFC 9651: a list of tokens with parameters), and passes over what it does not know. */
    static List<Warning> read(List<String> fields) {
        List<Warning> warnings = new ArrayList<>();
        for (String field : fields) {
            for (String item : field.split(",", Bounds.WARNINGS_MAX + 1)) {
                String[] parts = item.split(";");
                if (warnings.size() < Bounds.WARNINGS_MAX && parts.length > 0 && CODE.matcher(parts[0].trim()).matches()) {
                    warnings.add(readOne(parts));
                }
            }
        }
        return warnings;
    }

    private static Warning readOne(String[] parts) {
        OptionalLong days = OptionalLong.empty();
        Optional<LocalDate> ends = Optional.empty();
        for (int i = 1; i < parts.length; i++) {
            String[] pair = parts[i].trim().split("=", 2);
            String value = pair.length == 2 ? pair[1].replace("\"", "") : "";
            Matcher number = DAYS.matcher(value);
            if (pair[0].equals("days") && number.matches()) {
                days = OptionalLong.of(Long.parseLong(value));
            } else if (pair[0].equals("ends")) {
                ends = day(value);
            }
        }
        return new Warning(parts[0].trim(), days, ends);
    }

    private static Optional<LocalDate> day(String text) {
        try {
            return Optional.of(LocalDate.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** {@return the warning in words} */
    @Override
    public String toString() {
        return code + ": the " + what() + " ends" + ends.map(day -> " on " + day).orElse(" soon")
                + (daysLeft.isPresent() ? ", days left: " + daysLeft.getAsLong() : "");
    }
}
