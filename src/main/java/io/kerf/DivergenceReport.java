package io.kerf;

import io.kerf.compress.Achieved;
import io.kerf.eval.Tokens;
import io.kerf.eval.divergence.Divergence;
import io.kerf.eval.divergence.Parting;
import io.kerf.eval.divergence.Passage;
import io.kerf.eval.divergence.Passages;
import io.kerf.report.DivergenceRow;
import io.kerf.report.DivergenceTable;
import io.kerf.report.FootnotedTable;
import io.kerf.report.LineageText;
import io.kerf.report.PartingTable;
import io.kerf.report.Rendering;
import io.kerf.report.Shown;
import io.kerf.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.CategoryChart;

/**
 * How far variants' predictions are from the dense model's.
 *
 * @param study what was asked
 * @param passages what was to be read
 * @param divergences one for each variant; of fewer passages after an interrupt
 */
public record DivergenceReport(
    DivergenceStudy study, List<Passage> passages, List<Divergence> divergences) implements Shown {
  private static final int TOKENS_BEFORE = 12;

  /** A token may be a space, or begin with one: a dot in the middle of the line. */
  private static final char SPACE = '\u00b7';

  public DivergenceReport {
    passages = List.copyOf(passages);
    divergences = List.copyOf(divergences);
  }

  /** Whether every passage was compared; an interrupt leaves fewer. */
  public boolean complete() {
    return divergences.stream().allMatch(d -> d.passages().size() == passages.size());
  }

  /**
   * What that variant came to.
   *
   * @throws IllegalArgumentException if it was not compared
   */
  public Divergence divergence(Variant variant) {
    int index = study.variants().indexOf(variant);
    if (index < 0) {
      throw new IllegalArgumentException("'" + variant.label() + "' was not compared");
    }
    return divergences.get(index);
  }

  /**
   * A row for each variant: mean KL(dense || variant) in nats and its interval, the share of
   * positions with the same likeliest token, both entropies, and what the cut achieved.
   */
  public FootnotedTable table() {
    return DivergenceTable.of("How far from dense: " + subject(), rows(), standsOn());
  }

  /** A bar for each variant: mean KL(dense || variant). */
  public CategoryChart chart() {
    return DivergenceTable.chart("How far from dense: " + subject(), rows());
  }

  /** The positions at which that variant is farthest from the dense model. */
  public FootnotedTable farthest(Variant variant) {
    List<PartingTable.Row> rows = new ArrayList<>();
    for (Parting parting : divergence(variant).farthest()) {
      Passage passage = passages.get(parting.passage());
      Tokens before = passage.before(parting.position());
      Tokens last = before.from(Math.max(0, before.size() - TOKENS_BEFORE));
      rows.add(
          new PartingTable.Row(
              visible(tokenizer().decode(last.toArray(), false)),
              token(passage.truth(parting.position())),
              token(parting.denseSays()),
              token(parting.variantSays()),
              parting.divergence()));
    }
    return PartingTable.of(
        "Where " + variant.label() + " is farthest from dense, " + subject(), rows, standsOn());
  }

  private Tokenizer tokenizer() {
    return study.dense().model().tokenizer();
  }

  /** A vocabulary may have fewer tokens than the model has rows for them. */
  private String token(int id) {
    if (id < 0) {
      return "(the window ends)";
    }
    if (id >= tokenizer().vocabularySize()) {
      return "(id " + id + ")";
    }
    String text = visible(tokenizer().decode(new int[] {id}, false)).replace(' ', SPACE);
    return text.isEmpty() ? tokenizer().token(id) : text; // a word's beginning alone
  }

  /** Line breaks and tabs as they are written in code. */
  private static String visible(String text) {
    return text.replace("\\", "\\\\")
        .replace("\n", "\\n")
        .replace("\r", "\\r")
        .replace("\t", "\\t");
  }

  private List<DivergenceRow> rows() {
    List<DivergenceRow> rows = new ArrayList<>();
    for (int v = 0; v < divergences.size(); v++) {
      Divergence found = divergences.get(v);
      Achieved achieved = study.variants().get(v).achieved();
      if (!found.passages().isEmpty()) {
        rows.add(
            new DivergenceRow(
                study.variants().get(v).label(),
                found.mean(),
                found.meanBounds(),
                found.denseEntropy(),
                found.variantEntropy(),
                found.sameTop(),
                found.sameTopBounds(),
                achieved.sparsity(),
                achieved.bitsPerWeight(),
                achieved.sizeBytes(),
                found.positions()));
      }
    }
    return rows;
  }

  private String subject() {
    return study.dense().lineage().name() + " on " + study.text().name();
  }

  private String standsOn() {
    int done = divergences.stream().mapToInt(d -> d.passages().size()).min().orElse(0);
    return (complete() ? "" : "Stopped before the end: what was compared until then is shown.\n")
        + "KL(dense || variant), mean over positions, 95 % by bootstrap over windows; "
        + Passages.described(study.dense().model().config().family().kind(), study.seed())
        + "; "
        + done
        + " of "
        + passages.size()
        + " windows of "
        + study.windowTokens()
        + " tokens; sha256 "
        + study.text().file().sha256().substring(0, 12)
        + "\n"
        + LineageText.source(study.dense().lineage())
        + "\nLinear layers computed in "
        + study.format()
        + "; Kerf "
        + Kerf.VERSION;
  }

  @Override
  public String html() {
    return Rendering.of(table()).get(Rendering.HTML);
  }

  @Override
  public String text() {
    return Rendering.of(table()).get(Rendering.TEXT);
  }
}
