package io.kerf.model;

import io.kerf.format.FormatException;
import io.kerf.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code kerf.json}: a saved model's lineage, beside the weights that it is about. */
final class LineageFile {
  static final String NAME = "kerf.json";

  private LineageFile() {}

  /**
   * The file's text.
   *
   * @param weightsSha256 of the files beside it, as {@link WeightsChecksum} computes it
   * @param version Kerf's
   */
  static String write(Lineage lineage, String weightsSha256, String version) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("kerf", version);
    json.put("weights_sha256", weightsSha256);
    json.putAll(fields(lineage));
    return Json.writePretty(json);
  }

  private static Map<String, Object> fields(Lineage lineage) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", lineage.name());
    json.put("origin", lineage.origin());
    json.put("sha256", lineage.sha256());
    List<Map<String, Object>> steps = new ArrayList<>();
    for (Lineage.Step step : lineage.steps()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("label", step.label());
      fields.put("settings", step.settings());
      steps.add(fields);
    }
    json.put("steps", steps);
    return json;
  }

  /**
   * The lineage of a folder that Kerf wrote.
   *
   * @param weightsSha256 of the weights that now lie there
   * @throws FormatException if they are not the ones that were written with it
   */
  static Optional<Lineage> read(Path folder, String weightsSha256) {
    Path file = folder.resolve(NAME);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Json json = Json.read(file);
    String written = json.at("weights_sha256").text();
    if (!written.equals(weightsSha256)) {
      throw new FormatException(
          file
              + ": the weights beside it have sha256 "
              + weightsSha256
              + ", but it is about others, "
              + written
              + "; remove it to load them without its history");
    }
    List<Lineage.Step> steps = new ArrayList<>();
    for (Json step : json.at("steps").items()) {
      Map<String, String> settings = new LinkedHashMap<>();
      step.at("settings").fields().forEach((key, value) -> settings.put(key, value.text()));
      steps.add(new Lineage.Step(step.at("label").text(), settings));
    }
    return Optional.of(
        new Lineage(
            json.at("name").text(), json.at("origin").text(), json.at("sha256").text(), steps));
  }
}
