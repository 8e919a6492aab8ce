package io.kerf.model;

import io.kerf.format.Draft;
import io.kerf.format.Payload;
import io.kerf.format.SafetensorsWriter;
import io.kerf.progress.Progress;
import io.kerf.progress.ProgressListener;
import io.kerf.tensor.AdaptedTensor;
import io.kerf.tensor.Encoding;
import io.kerf.tensor.MaskedTensor;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Writes a model's adapter as PEFT does, without the model: PEFT opens the folder on the same base,
 * and {@link AdapterFolder} does, with its history.
 */
public final class AdapterWriter {
  private static final Set<String> NAMES =
      Set.of(AdapterConfig.NAME, AdapterFolder.WEIGHTS, LineageFile.NAME);

  private AdapterWriter() {}

  /**
   * Writes a folder: whole by one rename, or not at all.
   *
   * @param folder must not exist, or be empty, or hold an adapter that Kerf saved and {@code
   *     saving} says to replace
   * @param base where the model without its adapter is found: a name, or a folder; "" for where it
   *     was loaded from, if nothing else was done to it
   * @param saving the type of A and B is float32 unless it names one
   * @param version Kerf's, which the lineage names
   * @throws IllegalArgumentException if the model has no adapter, its base is nowhere, or PEFT's
   *     files cannot say what it has
   */
  public static void write(
      Model model,
      Path folder,
      String base,
      Saving saving,
      String version,
      ProgressListener listener) {
    Adapter adapter = adapter(model);
    String found = base.isEmpty() ? base(model) : base;
    List<AdapterModule> modules = AdapterModule.of(model, adapter);
    String config = config(model, adapter, modules, found);
    SavedPlace.require(folder, "an adapter", NAMES::contains, saving.replaces(), "");
    List<Payload> payloads = payloads(modules, saving);
    long bytes = payloads.stream().mapToLong(Payload::sizeBytes).sum();
    try (Draft draft = Draft.folder(folder);
        Progress progress = listener.start("Saving " + folder.getFileName(), bytes, "bytes")) {
      Path weights = draft.path().resolve(AdapterFolder.WEIGHTS);
      String sha256 = SafetensorsWriter.write(weights, payloads, progress);
      SafetensorsWriter.write(draft.path().resolve(AdapterConfig.NAME), config);
      SafetensorsWriter.write(
          draft.path().resolve(LineageFile.NAME),
          LineageFile.write(model.lineage(), sha256, version));
      draft.publish();
    }
  }

  private static Adapter adapter(Model model) {
    AdapterLayers layers = AdapterLayers.of(model);
    for (AdapterTarget target : layers.all()) {
      if (layers.parameter(target).weight() instanceof MaskedTensor masked
          && masked.base() instanceof AdaptedTensor) {
        throw new IllegalArgumentException(
            layers.name(target)
                + " was pruned after it got its adapter, which the adapter alone does not say;"
                + " save(folder) writes the whole model");
      }
    }
    return Adapter.of(model)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'"
                        + model.label()
                        + "' of "
                        + model.lineage().name()
                        + " has no adapter; save(folder) writes the whole model"));
  }

  private static String base(Model model) {
    Lineage lineage = model.lineage();
    boolean plain =
        lineage.steps().size() == 1
            && lineage.steps().get(0).settings().containsKey(Adapter.SETTING);
    if (!plain) {
      throw new IllegalArgumentException(
          "the adapter of '"
              + model.label()
              + "' is for a model that was cut too, and an adapter's folder holds none; save that"
              + " model without its adapter, and name its folder: saveAdapter(folder, base)");
    }
    String place = lineage.origin().replaceFirst(", dequantized from .*$", "");
    return isPlace(place) ? place : lineage.name();
  }

  private static boolean isPlace(String origin) {
    try {
      return Path.of(origin).isAbsolute() && Files.exists(Path.of(origin));
    } catch (InvalidPathException e) {
      return false; // words: a repository and its commit
    }
  }

  private static String config(
      Model model, Adapter adapter, List<AdapterModule> modules, String base) {
    String task =
        switch (model.config().family().kind()) {
          case CAUSAL -> "CAUSAL_LM";
          case ENCODER_DECODER -> "SEQ_2_SEQ_LM";
          case MASKED -> null; // PEFT has none for it
        };
    return AdapterConfig.write(
        base,
        task,
        Adapter.most(modules, AdapterModule::rank),
        Adapter.most(modules, AdapterModule::alpha),
        adapter.rankStabilized(),
        modules.stream()
            .map(m -> new AdapterConfig.Module(m.name(), m.rank(), m.alpha(), m.inputsFirst()))
            .toList(),
        AdapterLayers.of(model).modules());
  }

  private static List<Payload> payloads(List<AdapterModule> modules, Saving saving) {
    Encoding encoding = saving.type().map(FloatType::encoding).orElse(Encoding.F32);
    List<Payload> payloads = new ArrayList<>();
    for (AdapterModule module : modules) {
      String name = AdapterFolder.PREFIX + module.name();
      payloads.add(new Payload(name + ".lora_A.weight", encoding, module.a()));
      payloads.add(new Payload(name + ".lora_B.weight", encoding, module.b()));
    }
    return payloads;
  }
}
