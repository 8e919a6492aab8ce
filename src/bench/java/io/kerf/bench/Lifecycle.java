package io.kerf.bench;

import io.kerf.engine.DecoderSession;
import io.kerf.engine.DecoderSession.Target;
import io.kerf.engine.TokenTree;
import io.kerf.engine.WeightFormat;
import io.kerf.model.Model;
import java.util.List;
import java.util.Set;

/** Resident memory over many openings and closings of one model: it must stay where it was. */
final class Lifecycle implements Command {
  private static final double MIB = 1 << 20;
  private static final int SETTLED = 3; // openings after which nothing more may be kept

  @Override
  public String usage() {
    return """
        resident memory over many openings and closings of a model
          --model PATH    a GGUF file or a Hugging Face folder (smollm2-135m-instruct)
          --times N       openings in each weight format (50)
        """;
  }

  @Override
  public Set<String> options() {
    return Set.of("model", "times");
  }

  @Override
  public void run(Arguments arguments, Report report) {
    Model model = Models.load(arguments, report).model();
    int times = Math.max(SETTLED, arguments.count("times", 50));
    Table table =
        new Table("Resident MiB of the process after closing, file pages left out")
            .column("weights")
            .column("before", "%.0f")
            .column("after " + SETTLED, "%.0f")
            .column("after " + times, "%.0f")
            .column("growth", "%.1f");
    for (WeightFormat format : WeightFormat.values()) {
      double before = Memory.anonymousBytes();
      double settled = Double.NaN;
      double resident = before;
      for (int i = 1; i <= times; i++) {
        openAndClose(model, format);
        resident = Memory.anonymousBytes();
        settled = i == SETTLED ? resident : settled;
      }
      double growth = resident - settled;
      table.row(format.label(), before / MIB, settled / MIB, resident / MIB, growth / MIB);
      report.say(format.label() + ": done");
    }
    report.add(table);
  }

  private static void openAndClose(Model model, WeightFormat format) {
    try (DecoderSession session = DecoderSession.open(model, format)) {
      session.score(List.of(TokenTree.chain(1, 2, 3)), List.of(new Target(0, 2, 4)));
    }
  }
}
