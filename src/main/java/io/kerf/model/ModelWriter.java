package io.kerf.model;

import io.kerf.format.Draft;
import io.kerf.format.Payload;
import io.kerf.format.SafetensorsWriter;
import io.kerf.json.Json;
import io.kerf.progress.Progress;
import io.kerf.progress.ProgressListener;
import io.kerf.tensor.Encoding;
import io.kerf.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns a model into a Hugging Face folder that transformers opens and {@link ModelReader} reads
 * back with its history: weights, configuration, tokenizer, lineage.
 */
public final class ModelWriter {
  private static final Set<String> TEXTS =
      Set.of(
          Documents.CONFIG,
          Documents.GENERATION,
          LineageFile.NAME,
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json");

  private ModelWriter() {}

  /**
   * Writes a folder: whole by one rename, or not at all.
   *
   * @param folder must not exist, or be empty, or hold a model that Kerf saved and {@code saving}
   *     says to replace
   * @param version Kerf's, which the lineage names
   * @param listener sees the bytes of the weights
   * @throws IllegalArgumentException if the model cannot be expressed, or the folder holds
   *     something else
   */
  public static void write(
      Model model, Path folder, Saving saving, String version, ProgressListener listener) {
    SavedPlace.require(
        folder,
        "a model",
        name -> TEXTS.contains(name) || SafetensorsWriter.writes(name),
        saving.replaces(),
        ", or saveGguf for one file");
    List<Payload> payloads = payloads(model, saving);
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(Documents.CONFIG, ConfigDocument.write(model, type(payloads)));
    model
        .documents()
        .generation()
        .ifPresent(json -> texts.put(Documents.GENERATION, Json.writePretty(json.toMap())));
    texts.putAll(model.tokenizer().files());
    long bytes = payloads.stream().mapToLong(Payload::sizeBytes).sum();
    try (Draft draft = Draft.folder(folder);
        Progress progress = listener.start("Saving " + folder.getFileName(), bytes, "bytes")) {
      var hashes =
          SafetensorsWriter.write(draft.path(), payloads, saving.shardBytes(), progress).values();
      texts.put(
          LineageFile.NAME,
          LineageFile.write(lineage(model, saving), WeightsChecksum.of(hashes), version));
      texts.forEach((name, text) -> SafetensorsWriter.write(draft.path().resolve(name), text));
      draft.publish();
    }
  }

  private static List<Payload> payloads(Model model, Saving saving) {
    List<Payload> payloads = new ArrayList<>();
    StoredWeights.of(model)
        .forEach(
            (name, tensor) ->
                payloads.add(
                    new Payload(
                        name,
                        saving.type().map(FloatType::encoding).orElse(tensor.plainEncoding()),
                        tensor)));
    return payloads;
  }

  /** The type of all, or the one that holds every other's values. */
  private static FloatType type(List<Payload> payloads) {
    List<Encoding> used = payloads.stream().map(Payload::encoding).distinct().toList();
    for (FloatType type : FloatType.values()) {
      if (used.equals(List.of(type.encoding()))) {
        return type;
      }
    }
    return FloatType.FLOAT32;
  }

  /** The model's, and one more step where saving rounds its values. */
  private static Lineage lineage(Model model, Saving saving) {
    FloatType type = saving.type().orElse(FloatType.FLOAT32);
    boolean rounds =
        type != FloatType.FLOAT32
            && StoredWeights.of(model).values().stream()
                .map(Tensor::plainEncoding)
                .anyMatch(encoding -> encoding != type.encoding());
    return rounds
        ? model
            .lineage()
            .then(
                new Lineage.Step(
                    type.label(), Map.of("method", "rounded to " + type.label() + " when saved")))
        : model.lineage();
  }
}
