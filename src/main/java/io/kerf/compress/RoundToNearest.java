package io.kerf.compress;

import io.kerf.model.Model;
import io.kerf.tensor.IntegerFormat;
import io.kerf.tensor.IntegerFormat.Granularity;
import io.kerf.tensor.IntegerFormat.Scheme;
import io.kerf.tensor.QuantizedTensor;
import io.kerf.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Round-to-nearest quantization (RTN): each weight goes to the nearest code of its group, half to
 * even, without looking at data. A weight that is zero stays exactly zero in every scheme.
 *
 * <p>The arithmetic is float32, as torch's would be; {@link IntegerFormat.Scheme} has the formulas.
 * A group that is all zero gets scale 1.
 *
 * @param format bits, scheme and which weights share a scale
 * @param scopes which matrices are quantized
 * @param shortGroups whether the last group of a row may have fewer columns than the others
 */
public record RoundToNearest(IntegerFormat format, List<Scope> scopes, boolean shortGroups)
    implements Quantization {
  private static final int USUAL_GROUP_COLUMNS = 64;

  public RoundToNearest {
    scopes = Scope.distinct(scopes);
  }

  /** 8 bits, symmetric, a scale for each output row, in all linear layers of the blocks. */
  public static RoundToNearest int8() {
    return of(new IntegerFormat(8, Scheme.SYMMETRIC, Granularity.CHANNEL, 0));
  }

  /** 4 bits, symmetric, in groups of 64 columns, in all linear layers of the blocks. */
  public static RoundToNearest int4() {
    return bits(4);
  }

  /** 2 to 8 bits, symmetric, in groups of 64 columns, in all linear layers of the blocks. */
  public static RoundToNearest bits(int bits) {
    return of(new IntegerFormat(bits, Scheme.SYMMETRIC, Granularity.GROUP, USUAL_GROUP_COLUMNS));
  }

  /** That format, in all linear layers of the blocks. */
  public static RoundToNearest of(IntegerFormat format) {
    return new RoundToNearest(format, List.of(Scope.ALL), false);
  }

  /** One scale for a whole matrix. */
  public RoundToNearest perTensor() {
    return with(new IntegerFormat(format.bits(), format.scheme(), Granularity.TENSOR, 0));
  }

  /** One scale for each output row. */
  public RoundToNearest perChannel() {
    return with(new IntegerFormat(format.bits(), format.scheme(), Granularity.CHANNEL, 0));
  }

  /** One scale for so many consecutive columns of an output row. */
  public RoundToNearest group(int columns) {
    return with(new IntegerFormat(format.bits(), format.scheme(), Granularity.GROUP, columns));
  }

  /** A range around zero. */
  public RoundToNearest symmetric() {
    return with(scheme(Scheme.SYMMETRIC));
  }

  /** The range of the values, with a zero point. */
  public RoundToNearest asymmetric() {
    return with(scheme(Scheme.ASYMMETRIC));
  }

  /** A range around zero of which all codes are used, as GPTQ programs have it. */
  public RoundToNearest symmetricFullRange() {
    return with(scheme(Scheme.SYMMETRIC_FULL_RANGE));
  }

  /** The same in other matrices. */
  public RoundToNearest in(Scope... scopes) {
    return new RoundToNearest(format, List.of(scopes), shortGroups);
  }

  /** Where the group does not divide the columns, the last group of a row is shorter. */
  public RoundToNearest allowShortGroup() {
    return new RoundToNearest(format, scopes, true);
  }

  private RoundToNearest with(IntegerFormat other) {
    return new RoundToNearest(other, scopes, shortGroups);
  }

  private IntegerFormat scheme(Scheme scheme) {
    return new IntegerFormat(format.bits(), scheme, format.granularity(), format.groupColumns());
  }

  /** "int8", "int8 tensor asym", "int4 g64 asym ffn". */
  @Override
  public String label() {
    String sharing =
        switch (format.granularity()) {
          case TENSOR -> " tensor";
          case CHANNEL -> format.bits() == 8 ? "" : " channel";
          case GROUP -> " g" + format.groupColumns();
        };
    String scheme = format.scheme() == Scheme.SYMMETRIC ? "" : " " + format.scheme().label();
    return "int" + format.bits() + sharing + scheme + Scope.suffix(scopes);
  }

  @Override
  public Model apply(Model model) {
    Edit edit = Edit.of(model, scopes);
    if (!shortGroups) {
      for (Site site : edit.sites()) {
        requireDivides(edit.weight(site).shape().columns(), edit.name(site));
      }
    }
    for (List<Site> sites : edit.matrices()) {
      List<Tensor> weights = sites.stream().map(edit::weight).toList();
      List<QuantizedTensor> rounded = Rounding.of(weights, format, i -> edit.name(sites.get(i)));
      for (int i = 0; i < rounded.size(); i++) {
        edit.replace(sites.get(i), rounded.get(i));
      }
    }
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("method", "round to nearest");
    settings.put("bits", Integer.toString(format.bits()));
    settings.put("scheme", format.scheme().label());
    settings.put("granularity", format.granularity().name().toLowerCase(Locale.ROOT));
    if (format.granularity() == Granularity.GROUP) {
      settings.put("group", Integer.toString(format.groupColumns()));
    }
    return edit.publish(label(), settings);
  }

  private void requireDivides(int columns, String name) {
    int group = format.groupColumns();
    if (format.granularity() == Granularity.GROUP && columns % group != 0) {
      throw new IllegalArgumentException(
          name
              + ": "
              + columns
              + " columns is not a multiple of group "
              + group
              + "; "
              + Divisors.suggest(columns, group, "perChannel()")
              + ", or allowShortGroup()");
    }
  }

  /**
   * A matrix rounded to this format, whatever model it stands in; the last group of a row may be
   * shorter.
   *
   * @param weight (out, in)
   */
  public QuantizedTensor quantize(Tensor weight) {
    return Rounding.of(weight, format, "matrix of " + weight.shape());
  }
}
