package io.kerf.compress;

import io.kerf.model.Model;
import io.kerf.tensor.Execution;
import io.kerf.tensor.IntegerFormat;
import io.kerf.tensor.IntegerFormat.Granularity;
import io.kerf.tensor.IntegerFormat.Scheme;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Dynamic int8 quantization: weights to 8 bits, symmetric, a scale (absmax / 127) for each output
 * row; activations to 8 bits as they come, when the model runs.
 *
 * <p>The weights are as {@link RoundToNearest#int8()} makes them; they are marked {@link
 * Execution#DYNAMIC_INT8}, so that a session may run just these layers in integers. (torch's {@code
 * quantize_dynamic} takes one scale for a whole matrix by default: rows are finer.)
 *
 * @param scopes which matrices are quantized; not the embeddings, which are looked up rather than
 *     multiplied
 */
public record DynamicInt8(List<Scope> scopes) implements Quantization {
  private static final IntegerFormat FORMAT =
      new IntegerFormat(8, Scheme.SYMMETRIC, Granularity.CHANNEL, 0);

  public DynamicInt8 {
    scopes = Scope.distinct(scopes);
    if (scopes.contains(Scope.EMBEDDINGS)) {
      throw new IllegalArgumentException(
          "embeddings are looked up, not multiplied, so there is nothing to quantize dynamically;"
              + " use int8().in(EMBEDDINGS)");
    }
  }

  /** In all linear layers of the blocks. */
  public static DynamicInt8 of() {
    return new DynamicInt8(List.of(Scope.ALL));
  }

  /** The same in other matrices. */
  public DynamicInt8 in(Scope... scopes) {
    return new DynamicInt8(List.of(scopes));
  }

  /** "int8 dynamic attention". */
  @Override
  public String label() {
    return "int8 dynamic" + Scope.suffix(scopes);
  }

  @Override
  public Model apply(Model model) {
    Edit edit = Edit.of(model, scopes);
    for (Site site : edit.sites()) {
      edit.replace(
          site,
          Rounding.of(edit.weight(site), FORMAT, edit.name(site))
              .withExecution(Execution.DYNAMIC_INT8));
    }
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("method", "dynamic int8");
    settings.put("bits", Integer.toString(FORMAT.bits()));
    settings.put("weights", FORMAT.label());
    settings.put("activations", "int8, scale by the values that come");
    return edit.publish(label(), settings);
  }
}
