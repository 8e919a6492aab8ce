package io.kerf;

import io.kerf.eval.Measure;
import io.kerf.eval.MissingDataException;
import io.kerf.eval.TaskResult;
import io.kerf.name.Names;
import io.kerf.progress.Interrupted;
import io.kerf.progress.Progress;
import io.kerf.progress.ProgressListener;
import io.kerf.report.AnchorTable;
import io.kerf.report.FootnotedTable;
import io.kerf.source.Catalogue;
import io.kerf.source.CatalogueEntry;
import io.kerf.source.Downloads;
import io.kerf.source.FetchException;
import io.kerf.source.Hub;
import io.kerf.source.HubName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Kerf held against numbers that others got: those of the models and data that are here, the cheap
 * ones first. Nothing is downloaded.
 */
final class Anchors {
  private static final String NOT_RUN = "stopped before";
  private static final String AGREES = "agrees";
  private static final String DIFFERS = "DIFFERS";

  private final List<Anchor> anchors;
  private final boolean asked; // by the set's name, so that what takes long runs too
  private final Map<Anchor, Double> got = new HashMap<>();
  private final Map<Anchor, String> why = new HashMap<>(); // it was not measured
  private Variant loaded; // the last model, for the anchors that follow
  private String loadedName = "";

  private Anchors(List<Anchor> anchors, boolean asked) {
    this.anchors = anchors;
    this.asked = asked;
  }

  /** All that do not take long. */
  static Anchors usual() {
    return new Anchors(Anchor.ALL, false);
  }

  /** Those of that set, however long they take. */
  static Anchors of(String set) {
    List<Anchor> some = Anchor.ALL.stream().filter(a -> a.set().equals(set)).toList();
    if (some.isEmpty()) {
      throw Names.unknown(
          "set of anchors", set, Anchor.ALL.stream().map(Anchor::set).distinct().toList());
    }
    return new Anchors(some, true);
  }

  /** For tests: these, however long they take. */
  static Anchors of(List<Anchor> anchors) {
    return new Anchors(anchors, true);
  }

  /** Measures what can be measured; an interrupt leaves the rest as not run. */
  FootnotedTable run(ProgressListener listener) {
    List<List<Anchor>> runs = runs();
    if (runs.isEmpty()) {
      return table();
    }
    double seconds = runs.stream().mapToDouble(run -> run.get(0).seconds()).sum();
    try (Progress progress = listener.start("anchors", Math.round(seconds), "s of work")) {
      for (List<Anchor> run : runs) {
        Interrupted.check("anchors");
        Anchor first = run.get(0);
        progress.note(first.model() + ", " + first.cutWords() + ", " + first.taskWords());
        measure(run, progress);
      }
    } catch (Interrupted e) {
      return table(); // what was not measured says so
    }
    return table();
  }

  /** Anchors of one model, cut and task are one run; cheap ones first, a model's together. */
  private List<List<Anchor>> runs() {
    Map<List<String>, List<Anchor>> byRun = new LinkedHashMap<>();
    Map<String, Double> cheapest = new HashMap<>();
    for (Anchor anchor : anchors) {
      if (anchor.isLong() && !asked) {
        why.put(
            anchor,
            "not run, about %.0f minutes: anchors(\"%s\")"
                .formatted(minutes(anchor.set()), anchor.set()));
      } else if (!here(anchor.model())) {
        why.put(anchor, "absent: load(\"" + anchor.model() + "\") downloads it");
      } else {
        why.put(anchor, NOT_RUN);
        byRun
            .computeIfAbsent(
                List.of(anchor.model(), anchor.cut().toString(), anchor.task().toString()),
                key -> new ArrayList<>())
            .add(anchor);
        cheapest.merge(anchor.model(), anchor.seconds(), Math::min);
      }
    }
    List<List<Anchor>> runs = new ArrayList<>(byRun.values());
    runs.sort(
        Comparator.comparingDouble((List<Anchor> run) -> cheapest.get(run.get(0).model()))
            .thenComparing(run -> run.get(0).model())
            .thenComparingDouble(run -> run.get(0).seconds()));
    return runs;
  }

  private double minutes(String set) {
    return anchors.stream().filter(a -> a.set().equals(set)).mapToDouble(Anchor::seconds).sum()
        / 60;
  }

  private static boolean here(String model) {
    Optional<CatalogueEntry> named =
        Catalogue.models().stream().filter(entry -> entry.name().equals(model)).findFirst();
    if (named.isPresent()) {
      return Downloads.ofUser().has(named.get());
    }
    Optional<HubName> hub = HubName.parse(model);
    return Kerf.exists(model) || hub.isPresent() && Hub.ofUser().has(hub.get());
  }

  private void measure(List<Anchor> run, Progress progress) {
    Anchor first = run.get(0);
    long planned = Math.round(first.seconds());
    Part part = new Part(progress, planned);
    try {
      var tasks = first.tasks();
      if (!loadedName.equals(first.model())) {
        loaded = Kerf.load(first.model());
        loadedName = first.model();
      }
      Report report = Kerf.evaluate(first.variant(loaded)).on(tasks).run(part);
      if (!report.complete()) {
        throw new Interrupted("anchors were interrupted");
      }
      TaskResult result = report.entries().get(0).result();
      for (Anchor anchor : run) {
        Measure measure = result.measure(anchor.metric());
        got.put(anchor, measure.value());
      }
    } catch (MissingDataException e) {
      run.forEach(a -> why.put(a, "absent: " + e.getMessage().split(":", 2)[0]));
    } catch (FetchException e) {
      run.forEach(a -> why.put(a, "absent: " + e.getMessage()));
    }
    part.end();
  }

  private FootnotedTable table() {
    List<AnchorTable.Row> rows = new ArrayList<>();
    int agree = 0;
    int differ = 0;
    for (Anchor anchor : anchors) {
      String verdict = verdict(anchor);
      agree += verdict.equals(AGREES) ? 1 : 0;
      differ += verdict.equals(DIFFERS) ? 1 : 0;
      rows.add(
          new AnchorTable.Row(
              anchor.model(),
              anchor.cutWords(),
              anchor.taskWords(),
              anchor.metric(),
              anchor.expected(),
              got.getOrDefault(anchor, Double.NaN),
              anchor.tolerance(),
              verdict,
              anchor.source()));
    }
    return AnchorTable.of(
        String.format(
            Locale.ROOT,
            "Kerf against known numbers: %d agree, %d differ, %d of %d measured",
            agree,
            differ,
            got.size(),
            anchors.size()),
        rows,
        "A number that another model or protocol gave is shown and not judged. Linear layers"
            + " computed in "
            + Evaluation.QUALITY.label()
            + "; Kerf "
            + Kerf.VERSION);
  }

  private String verdict(Anchor anchor) {
    String incomparable =
        anchor.incomparable().isEmpty() ? "" : "not comparable: " + anchor.incomparable();
    if (!got.containsKey(anchor)) {
      return why.get(anchor) + (incomparable.isEmpty() ? "" : "; " + incomparable);
    }
    boolean near = Math.abs(got.get(anchor) - anchor.expected()) <= anchor.tolerance();
    if (near) {
      return AGREES;
    }
    return incomparable.isEmpty() ? DIFFERS : incomparable;
  }

  /** One run's own progress as its planned share of the whole. */
  private static final class Part implements ProgressListener {
    private final Progress whole;
    private final long planned;
    private long told;

    Part(Progress whole, long planned) {
      this.whole = whole;
      this.planned = planned;
    }

    @Override
    public Progress start(String label, long total, String unit) {
      return new Progress() {
        private long done;

        @Override
        public void advance(long units) {
          done += units;
          tell(total <= 0 ? 0 : Math.min(planned, planned * done / total));
        }
      };
    }

    private void tell(long now) {
      whole.advance(now - told);
      told = now;
    }

    void end() {
      tell(planned);
    }
  }
}
