package io.kerf.bench;

import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import io.kerf.progress.Progress;
import io.kerf.progress.ProgressListener;
import io.kerf.source.Catalogue;
import io.kerf.source.Downloads;
import io.kerf.source.Fetched;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The model that is measured.
 *
 * @param path where its file or folder lies
 */
record Models(Path path, Model model) {
  private static final String DEFAULT = "smollm2-135m-instruct";

  /** The model that {@code --model} names, by path or by its name in the catalogue. */
  static Models load(Arguments arguments, Report report) {
    return load(arguments, report, DEFAULT);
  }

  /** The same, and a model by its name in the catalogue where none is named. */
  static Models load(Arguments arguments, Report report, String otherwise) {
    String name = arguments.text("model").orElse(otherwise);
    Path path = Path.of(name);
    if (Files.exists(path)) {
      return new Models(path, ModelReader.read(path));
    }
    ProgressListener saying =
        (label, total, unit) -> {
          report.say(label + ": " + total + " " + unit);
          return (Progress) units -> {};
        };
    Fetched fetched = Downloads.ofUser().fetch(Catalogue.find(name), saying);
    return new Models(fetched.path(), ModelReader.read(fetched, saying));
  }
}
