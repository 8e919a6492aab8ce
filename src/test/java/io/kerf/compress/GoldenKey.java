package io.kerf.compress;

import io.kerf.tensor.IntegerFormat.Scheme;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a reference result's key asks for: "magnitude.layer.0.3.ffn", "chop.last.2". */
final class GoldenKey {
  private static final Pattern MAGNITUDE =
      Pattern.compile("magnitude\\.(global|layer|row)\\.(\\d+(?:\\.\\d+)?)(?:\\.([a-z]+))?");
  private static final Pattern PATTERN =
      Pattern.compile("magnitude\\.(\\d+):(\\d+)(?:\\.([a-z]+))?");
  private static final Pattern ROUNDING =
      Pattern.compile("rtn\\.int(\\d+)\\.([a-z_]+)\\.(tensor|channel|g\\d+)");
  private static final Pattern CHOP = Pattern.compile("chop\\.([a-z-]+)\\.(\\d+)");

  private GoldenKey() {}

  /** The cut that the key names, or nothing if it is one that we do not have. */
  static Optional<Compression> cut(String key) {
    Matcher magnitude = MAGNITUDE.matcher(key);
    if (magnitude.matches()) {
      Magnitude cut = Magnitude.of(Double.parseDouble(magnitude.group(2)));
      cut =
          switch (magnitude.group(1)) {
            case "layer" -> cut.perLayer();
            case "row" -> cut.perRow();
            default -> cut.global();
          };
      return Optional.of(cut.in(scope(magnitude.group(3))));
    }
    Matcher pattern = PATTERN.matcher(key);
    if (pattern.matches()) {
      return Optional.of(
          SemiStructuredMagnitude.of(
                  Integer.parseInt(pattern.group(1)), Integer.parseInt(pattern.group(2)))
              .in(scope(pattern.group(3))));
    }
    Matcher rounding = ROUNDING.matcher(key);
    if (rounding.matches()) {
      return Optional.of(
          rounding(Integer.parseInt(rounding.group(1)), rounding.group(2), rounding.group(3)));
    }
    Matcher chop = CHOP.matcher(key);
    if (chop.matches()) {
      return Arrays.stream(LayerStrategy.values())
          .filter(strategy -> strategy.label().equals(chop.group(1)))
          .findAny()
          .map(strategy -> LayerRemoval.of(strategy, Integer.parseInt(chop.group(2))));
    }
    return Optional.empty();
  }

  private static Scope scope(String label) {
    return label == null ? Scope.ALL : Scope.valueOf(label.toUpperCase(Locale.ROOT));
  }

  private static RoundToNearest rounding(int bits, String scheme, String sharing) {
    RoundToNearest cut = RoundToNearest.bits(bits);
    cut =
        switch (sharing) {
          case "tensor" -> cut.perTensor();
          case "channel" -> cut.perChannel();
          default -> cut.group(Integer.parseInt(sharing.substring(1))).allowShortGroup();
        };
    if (scheme.equals(Scheme.ASYMMETRIC.label())) {
      return cut.asymmetric();
    }
    return scheme.equals(Scheme.SYMMETRIC.label()) ? cut : cut.symmetricFullRange();
  }
}
