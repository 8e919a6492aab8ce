package io.kerf.model;

import io.kerf.file.BadFileException;
import io.kerf.format.FormatException;
import io.kerf.format.WeightFile;
import io.kerf.progress.ProgressListener;
import io.kerf.tensor.Encoding;
import io.kerf.tensor.FloatTensor;
import io.kerf.tensor.LowRank;
import io.kerf.tensor.Shape;
import io.kerf.tensor.StoredTensor;
import io.kerf.tensor.Tensor;
import io.kerf.tensor.TransposedMatrix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The folder of an adapter as PEFT writes it: {@code adapter_config.json} and {@code
 * adapter_model.safetensors} (or {@code .bin}). What its modules are is known with the model that
 * it is for.
 */
public final class AdapterFolder {
  static final String WEIGHTS = "adapter_model.safetensors";
  private static final String OLDER = "adapter_model.bin";
  static final String PREFIX = "base_model.model.";

  private static final Pattern FACTOR =
      Pattern.compile(Pattern.quote(PREFIX) + "(.+)\\.lora_([AB])\\.weight");

  private static final Set<Encoding> FLOATS =
      EnumSet.of(Encoding.F64, Encoding.F32, Encoding.F16, Encoding.BF16);

  private final Path folder;
  private final Path file;
  private final AdapterConfig config;
  private final WeightFile weights;
  private final Map<String, Tensor> as = new LinkedHashMap<>(); // by module
  private final Map<String, Tensor> bs = new LinkedHashMap<>();

  private AdapterFolder(Path folder, Path file) {
    this.folder = folder;
    this.file = file;
    this.config = AdapterConfig.read(folder.resolve(AdapterConfig.NAME));
    this.weights = WeightFile.open(file);
    for (String name : weights.tensorNames()) {
      Matcher factor = FACTOR.matcher(name);
      if (!factor.matches()) {
        throw wrong("tensor '" + name + "' " + unread(name));
      }
      Map<String, Tensor> into = factor.group(2).equals("A") ? as : bs;
      into.put(factor.group(1), matrix(name));
    }
    for (String module : as.keySet()) {
      require(bs, "lora_B", module);
    }
    for (String module : bs.keySet()) {
      require(as, "lora_A", module);
    }
    if (as.isEmpty()) {
      throw wrong("holds no adapters at all");
    }
  }

  private void require(Map<String, Tensor> factors, String factor, String module) {
    if (!factors.containsKey(module)) {
      throw wrong("has no " + factor + " for " + module);
    }
  }

  private Tensor matrix(String name) {
    Tensor tensor = weights.tensor(name);
    boolean floats = tensor instanceof StoredTensor stored && FLOATS.contains(stored.stored());
    if (tensor.shape().dimensions() != 2 || !floats && tensor instanceof StoredTensor) {
      throw wrong(
          "tensor '"
              + name
              + "' must be a matrix of floating-point numbers, was "
              + tensor.shape()
              + " of "
              + tensor.encoding());
    }
    return tensor;
  }

  private static String unread(String name) {
    if (name.contains("lora_embedding")) {
      return "is an adapter of an embedding, which is not computed";
    }
    if (name.contains("lora_magnitude")) {
      return "is of DoRA, which is not computed";
    }
    if (name.contains("lora_")) {
      return "is a part of an adapter that is not computed";
    }
    return "is no adapter: weights that were trained whole beside adapters are not read";
  }

  private FormatException wrong(String what) {
    return new FormatException(file + ": " + what);
  }

  /** Whether a folder is an adapter's; as in transformers it is one even if a model lies there. */
  public static boolean is(Path folder) {
    return Files.isRegularFile(folder.resolve(AdapterConfig.NAME));
  }

  /**
   * Opens a folder.
   *
   * @throws FormatException if it is not an adapter's, damaged, or of a kind that is not computed
   */
  public static AdapterFolder open(Path folder) {
    if (!is(folder)) {
      throw new FormatException(
          folder + " has no " + AdapterConfig.NAME + ": it is not the folder of an adapter");
    }
    for (String name : List.of(WEIGHTS, OLDER)) {
      if (Files.isRegularFile(folder.resolve(name))) {
        return new AdapterFolder(folder, folder.resolve(name));
      }
    }
    throw new FormatException(folder + " has neither " + WEIGHTS + " nor " + OLDER);
  }

  public Path path() {
    return folder;
  }

  /** The model that it is for, as its configuration names it, "@revision" behind; "" for none. */
  public String base() {
    boolean plain = config.revision().isEmpty() || config.revision().equals("main");
    return plain || config.base().isEmpty()
        ? config.base()
        : config.base() + "@" + config.revision();
  }

  /**
   * The adapter, by that model's layers.
   *
   * @throws FormatException if it does not fit them
   */
  public Adapter adapter(Model model) {
    try {
      return new Adapter(config.base(), updates(model));
    } catch (BadFileException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new FormatException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * That model with this adapter. If Kerf saved it from that very model, the lineage is the one
   * that was saved; otherwise there is one more step.
   */
  public Model applyTo(Model model) {
    return applyTo(model, folder.toAbsolutePath().normalize().toString());
  }

  /**
   * As {@link #applyTo(Model)}.
   *
   * @param from where the folder came from, for lineage
   */
  public Model applyTo(Model model, String from) {
    String sha256 = WeightsChecksum.of(List.of(file), file.toString(), ProgressListener.NONE);
    Adapter adapter = adapter(model);
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("from", from);
    settings.put("sha256", sha256);
    Model adapted = adapter.applyTo(model, new Lineage.Step(adapter.label(), settings));
    return LineageFile.read(folder, sha256)
        .filter(saved -> isOf(saved, model.lineage()))
        .map(adapted::withLineage)
        .orElse(adapted);
  }

  private static boolean isOf(Lineage saved, Lineage base) {
    List<Lineage.Step> before = new ArrayList<>(saved.steps());
    before.removeIf(step -> step.settings().containsKey(Adapter.SETTING));
    return saved.sha256().equals(base.sha256()) && before.equals(base.steps());
  }

  private Map<AdapterTarget, LowRank> updates(Model model) {
    AdapterLayers layers = AdapterLayers.of(model);
    Spelling spelling = Architecture.of(model.config().family()).spelling(model.config());
    Map<AdapterTarget, LowRank> updates = new LinkedHashMap<>();
    for (String module : as.keySet()) {
      if (!config.targeted().test(module)) {
        throw wrong(
            "holds an adapter of "
                + module
                + ", which target_modules of "
                + AdapterConfig.NAME
                + " do not name");
      }
      List<Spelling.Weight> spelled = spelling.weights(module + ".weight");
      if (spelled.isEmpty() || spelled.stream().anyMatch(w -> layer(layers, w) == null)) {
        throw layers.unknown(module);
      }
      updates(model, layers, module, spelled)
          .forEach(
              (target, update) -> {
                if (updates.put(target, update) != null) {
                  throw wrong("holds an adapter of " + layers.name(target) + " twice");
                }
              });
    }
    for (AdapterTarget target : layers.all()) {
      String module = AdapterLayers.module(layers.name(target));
      boolean head = target.role() == Role.HEAD; // "all-linear" leaves it out
      if (!head && !updates.containsKey(target) && config.targeted().test(module)) {
        throw wrong("has no lora_A for " + module + ", which target_modules name");
      }
    }
    return updates;
  }

  private static AdapterTarget layer(AdapterLayers layers, Spelling.Weight weight) {
    return layers.layer(weight.name().replaceFirst("\\.weight$", ""));
  }

  /** One module's layers: several where it is fused. */
  private Map<AdapterTarget, LowRank> updates(
      Model model, AdapterLayers layers, String module, List<Spelling.Weight> spelled) {
    Tensor a = as.get(module);
    Tensor b = bs.get(module);
    List<AdapterTarget> targets = spelled.stream().map(w -> layer(layers, w)).toList();
    int rows = targets.stream().mapToInt(target -> layers.shape(target).rows()).sum();
    int columns = layers.shape(targets.get(0)).columns();
    int rank = config.rank(module);
    Adapter.requireRank(rank, module, Shape.of(rows, columns));
    requireShape(model, module, "lora_A", a, Shape.of(rank, columns));
    requireShape(model, module, "lora_B", b, Shape.of(rows, rank));
    FloatTensor down = FloatTensor.wrap(a.shape(), a.toFloats());
    boolean inputsFirst = inputsFirst(model, targets.get(0));
    Map<AdapterTarget, LowRank> updates = new LinkedHashMap<>();
    for (int i = 0; i < targets.size(); i++) {
      // B's rows are the weight's: the view that takes a layer out of that takes its rows of B
      Tensor stored = inputsFirst ? TransposedMatrix.of(b) : b;
      Tensor up = spelled.get(i).view().apply(stored);
      updates.put(
          targets.get(i),
          new LowRank(
              down,
              FloatTensor.wrap(up.shape(), up.toFloats()),
              config.alpha(module),
              config.rankStabilized()));
    }
    return updates;
  }

  static boolean inputsFirst(Model model, AdapterTarget target) {
    return target.role().isBlockLinear()
        && Architecture.of(model.config().family()).storesInputsFirst();
  }

  private void requireShape(Model model, String module, String factor, Tensor is, Shape needed) {
    if (!is.shape().equals(needed)) {
      boolean other = !Adapter.isFor(config.base(), model);
      throw wrong(
          factor
              + " of "
              + module
              + " must be "
              + needed
              + " by "
              + AdapterConfig.NAME
              + " and the layers of "
              + model.lineage().name()
              + ", was "
              + is.shape()
              + (other ? "; it was made for '" + config.base() + "'" : ""));
    }
  }
}
