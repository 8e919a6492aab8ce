package io.kerf;

import io.kerf.compress.Compression;
import io.kerf.compress.Magnitude;
import io.kerf.compress.RoundToNearest;
import io.kerf.eval.Task;
import io.kerf.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A number that is known of a model, from somewhere else than Kerf.
 *
 * @param set the name it is run by, with others
 * @param model as {@code load} takes it
 * @param cut what was done to it; an absent value for the dense model
 * @param task {@code lama}, {@code harness} and {@code rows}, or {@code text}, {@code window} and
 *     {@code windows}
 * @param tolerance how far what is measured may be from it
 * @param source where it is from
 * @param incomparable why another value is no error; "" where it is
 * @param isLong whether it runs only when asked for by the set's name
 * @param seconds about how long it takes on two cores
 */
record Anchor(
    String set,
    String model,
    Json cut,
    Json task,
    String metric,
    double expected,
    double tolerance,
    String source,
    String incomparable,
    boolean isLong,
    double seconds) {
  static final List<Anchor> ALL = read();

  private static List<Anchor> read() {
    try (InputStream in = Anchor.class.getResourceAsStream("anchors.json")) {
      return read(Json.parse(in.readAllBytes(), "anchors.json"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read anchors.json: " + e.getMessage(), e);
    }
  }

  static List<Anchor> read(Json sets) {
    List<Anchor> all = new ArrayList<>();
    for (Json set : sets.items()) {
      for (Json anchor : set.at("anchors").items()) {
        all.add(
            new Anchor(
                set.at("set").text(),
                set.at("model").text(),
                anchor.at("cut"),
                anchor.at("task"),
                anchor.at("metric").text(),
                anchor.at("expected").number(),
                anchor.at("tolerance").number(),
                set.at("source").text(),
                set.at("incomparable").optional().map(Json::text).orElse(""),
                set.at("long").optional().map(Json::bool).orElse(false),
                anchor.at("seconds").number()));
      }
    }
    return List.copyOf(all);
  }

  /** That variant of the model. */
  Variant variant(Variant dense) {
    return cut.present() ? dense.apply(compression()) : dense;
  }

  private Compression compression() {
    if (cut.at("magnitude").present()) {
      return Magnitude.of(cut.at("magnitude").number()).perLayer();
    }
    RoundToNearest round = RoundToNearest.bits(cut.at("round").integer());
    RoundToNearest grouped =
        cut.at("group").present() ? round.group(cut.at("group").integer()) : round.perChannel();
    return cut.at("asymmetric").present() ? grouped.asymmetric() : grouped;
  }

  /** What it is measured by. */
  List<Task> tasks() {
    if (task.at("lama").present()) {
      return Kerf.lama(task.at("lama").text());
    }
    if (task.at("harness").present()) {
      String name = task.at("harness").text();
      return task.at("rows").present()
          ? Kerf.task(name, task.at("rows").integer())
          : Kerf.task(name);
    }
    String text = task.at("text").text();
    int window = task.at("window").integer();
    return task.at("windows").present()
        ? Kerf.perplexity(text, window, task.at("windows").integer())
        : Kerf.perplexity(text, window);
  }

  /** What was done to the model. */
  String cutWords() {
    if (!cut.present()) {
      return "dense";
    }
    if (cut.at("magnitude").present()) {
      return "magnitude " + cut.at("magnitude") + " of each layer";
    }
    return "int"
        + cut.at("round")
        + (cut.at("group").present() ? ", groups of " + cut.at("group") : ", a scale for each row")
        + (cut.at("asymmetric").present() ? ", asymmetric" : "");
  }

  /** What it is asked. */
  String taskWords() {
    if (task.at("lama").present()) {
      return "lama " + task.at("lama").text();
    }
    if (task.at("harness").present()) {
      String rows = task.at("rows").present() ? ", first " + task.at("rows") + " rows" : "";
      return task.at("harness").text() + rows;
    }
    String first = task.at("windows").present() ? "first " + task.at("windows") + " " : "";
    return task.at("text").text() + ", " + first + "windows of " + task.at("window");
  }
}
