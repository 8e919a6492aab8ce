package io.kerf.source;

import io.kerf.json.Json;
import io.kerf.name.Names;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The models that have a name: data, read from {@code catalogue.json} beside this class. */
public final class Catalogue {
  private static final List<CatalogueEntry> MODELS = read();

  private Catalogue() {}

  /** All of them, in the order in which they are listed. */
  public static List<CatalogueEntry> models() {
    return MODELS;
  }

  /**
   * The model of that name.
   *
   * @throws io.kerf.name.UnknownNameException if there is none, with the names that may be meant
   */
  public static CatalogueEntry find(String name) {
    return MODELS.stream()
        .filter(entry -> entry.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> Names.unknown("model", name, MODELS.stream().map(CatalogueEntry::name).toList()));
  }

  private static List<CatalogueEntry> read() {
    try (InputStream in = Catalogue.class.getResourceAsStream("catalogue.json")) {
      return Json.parse(in.readAllBytes(), "catalogue.json").items().stream()
          .map(Catalogue::entry)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read catalogue.json: " + e.getMessage(), e);
    }
  }

  private static CatalogueEntry entry(Json model) {
    Json file = model.at("file");
    return new CatalogueEntry(
        model.at("name").text(),
        model.at("family").text(),
        model.at("parameters").longInteger(),
        model.at("licence").text(),
        model.at("from").text(),
        origin(model),
        new ModelFile(
            file.at("name").text(), file.at("sizeBytes").longInteger(), file.at("sha256").text()));
  }

  private static Origin origin(Json model) {
    if (model.at("maven").present()) {
      return MavenArtifact.of(model.at("maven").text());
    }
    Json python = model.at("python");
    return new PythonPackage(
        python.at("package").text(),
        python.at("version").text(),
        python.at("wheelBytes").longInteger(),
        python.at("member").text());
  }
}
