package io.kerf.bench;

import io.kerf.Kerf;
import io.kerf.Variant;
import io.kerf.bench.Limits.Moment;
import io.kerf.model.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tables of Just CHOP (arXiv 2305.14864) at the size of a laptop: five strategies, other ways
 * to the same size, the pace of the cut, and speed; below each, whether it agrees with the paper.
 */
final class Chopping implements Command {
  private static final Path WORK = Bench.BUILD.resolve("chop");
  private static final Path STORIES = Path.of("../shared/models/stories260K/stories260K.bin");
  private static final List<String> TABLES = List.of("strategies", "ways", "pace", "speed");

  @Override
  public String usage() {
    return """
        layers removed and healed: Just CHOP's tables at this size, each held against the paper
          --model NAME         stories260K, SmolLM2 or both (both)
          --tokens N           that each variant is trained on (stories260K 81920, SmolLM2 8192)
          --removed N,N        layers; the first number is for all tables (half)
          --rows N             of each task (20)
          --windows N          of 256 tokens, for perplexity (16)
          --seeds N            orders of the text, for the spread (1)
          --tables NAME,NAME   strategies, ways, pace, speed (all)
        """;
  }

  @Override
  public Set<String> options() {
    return Set.of("model", "tokens", "removed", "rows", "windows", "seeds", "tables");
  }

  @Override
  public void run(Arguments arguments, Report report) throws Exception {
    String model = arguments.text("model").orElse("both");
    if (!List.of("stories260K", "SmolLM2", "both").contains(model)) {
      throw new IllegalArgumentException(
          "--model must be stories260K, SmolLM2 or both, was " + model);
    }
    List<String> tables = arguments.text("tables").map(t -> List.of(t.split(","))).orElse(TABLES);
    for (String table : tables) {
      if (!TABLES.contains(table)) {
        throw new IllegalArgumentException(
            "--tables has '%s'; there are %s".formatted(table, String.join(", ", TABLES)));
      }
    }
    try (Limits limits = Limits.open(Bench.SOURCES, Bench.BUILD)) {
      limits.read(Moment.BEFORE, 2, 3);
      if (!model.equals("SmolLM2")) {
        stories(arguments, report, tables, limits);
      }
      if (!model.equals("stories260K")) {
        ChopSize size = size(arguments, 8_192, true);
        Variant dense = Kerf.load("smollm2-135m-instruct").named("SmolLM2");
        tables(ChopPlace.articles(dense, size), size, arguments, report, tables, limits);
      }
      limits.read(Moment.AFTER, 2, 3);
      report.add(limits.table());
    }
  }

  private static void stories(
      Arguments arguments, Report report, List<String> tables, Limits limits) throws IOException {
    if (!Files.exists(STORIES)) {
      report.say("stories260K left out: there is no " + STORIES);
      return;
    }
    ChopSize size = size(arguments, 81_920, false);
    Variant dense = Kerf.load(STORIES).named("stories260K");
    tables(ChopPlace.ownText(dense, size, WORK), size, arguments, report, tables, limits);
  }

  private static ChopSize size(Arguments arguments, int tokens, boolean bfloat16) {
    return new ChopSize(
        arguments.count("tokens", tokens),
        8,
        arguments.count("rows", 20),
        arguments.count("windows", 16),
        arguments.count("seeds", 1),
        3e-4,
        bfloat16);
  }

  private static void tables(
      ChopPlace place,
      ChopSize size,
      Arguments arguments,
      Report report,
      List<String> asked,
      Limits limits) {
    Variant dense = place.dense();
    int half = dense.layers() / 2;
    int[] removed = arguments.counts("removed", String.valueOf(half));
    if (!asked.equals(List.of("speed"))) {
      ChopTables tables = new ChopTables(place, size, report);
      for (int layers : asked.contains("strategies") ? removed : new int[0]) {
        tables.strategies(layers);
      }
      if (asked.contains("ways")) {
        tables.otherWays(removed[0]);
      }
      if (asked.contains("pace")) {
        tables.pace(removed[0]);
      }
    }
    if (asked.contains("speed")) {
      Map<String, Model> models = new LinkedHashMap<>();
      models.put("dense", dense.model());
      models.put(
          half + " of " + dense.layers() + " layers removed",
          dense.dropLayers(Kerf.maxGap(half)).model());
      models.put("2:4", dense.prune(Kerf.magnitude(2, 4)).model());
      ChopSpeed.measure(dense.label(), models, limits, report);
    }
  }
}
