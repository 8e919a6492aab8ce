package io.kerf;

import io.kerf.compress.Achieved;
import io.kerf.compress.Compression;
import io.kerf.compress.LayerRemoval;
import io.kerf.compress.Pruning;
import io.kerf.compress.Quantization;
import io.kerf.compress.Scope;
import io.kerf.compress.WeightSummary;
import io.kerf.engine.DecoderSession;
import io.kerf.engine.EncoderDecoderSession;
import io.kerf.engine.Sampler;
import io.kerf.engine.Sampler.AfterEos;
import io.kerf.engine.TokenSampling;
import io.kerf.engine.WeightFormat;
import io.kerf.model.Adapter;
import io.kerf.model.AdapterFolder;
import io.kerf.model.AdapterWriter;
import io.kerf.model.Family;
import io.kerf.model.FloatType;
import io.kerf.model.GgufEncoding;
import io.kerf.model.GgufModelWriter;
import io.kerf.model.Lineage;
import io.kerf.model.Model;
import io.kerf.model.ModelWriter;
import io.kerf.model.Saving;
import io.kerf.model.Stack;
import io.kerf.onnx.OnnxExport;
import io.kerf.onnx.OnnxOptions;
import io.kerf.progress.ProgressListener;
import io.kerf.report.FootnotedTable;
import io.kerf.report.LineageText;
import io.kerf.report.Rendering;
import io.kerf.report.Screen;
import io.kerf.report.Shown;
import io.kerf.report.SummaryTable;
import io.kerf.train.FromScratch;
import io.kerf.train.Pretraining;
import io.kerf.train.TrainingListener;
import io.kerf.train.TrainingLog;
import io.kerf.train.TrainingRun;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A model with verbs. Every verb returns a new variant that shares the tensors it did not touch;
 * this one stays as it is.
 */
public final class Variant implements Shown {
  private final Model model;
  private final String label;
  private final TrainingLog training; // null where it was not trained here
  private Achieved achieved; // measured when first asked for
  private List<SummaryTable.Row> rows; // likewise

  Variant(Model model) {
    this(model, model.label(), null);
  }

  private Variant(Model model, String label, TrainingLog training) {
    this.model = Objects.requireNonNull(model, "model");
    this.label = label;
    this.training = training;
  }

  /** Removes weights. */
  public Variant prune(Pruning pruning) {
    return apply(pruning);
  }

  /** Holds weights in fewer bits. */
  public Variant quantize(Quantization quantization) {
    return apply(quantization);
  }

  /** Removes layers. */
  public Variant dropLayers(LayerRemoval removal) {
    return apply(removal);
  }

  /** Any cut, also one of the user's own. */
  public Variant apply(Compression compression) {
    return new Variant(compression.apply(model));
  }

  /**
   * This model with the LoRA adapter of a folder as PEFT writes it: what A and B add to a matrix is
   * computed as it is read, and the matrix is shared. What an adapter is made for is in the
   * lineage, where it is not this model.
   *
   * @throws IllegalArgumentException if it does not fit this model's layers
   */
  public Variant adapt(Path folder) {
    return new Variant(AdapterFolder.open(folder).applyTo(model));
  }

  /** As {@link #adapt(Path)}. */
  public Variant adapt(String folder) {
    return adapt(Path.of(folder));
  }

  /** The same model with its adapters added to its weights, once and for all. */
  public Variant merged() {
    return new Variant(Adapter.merged(model));
  }

  /**
   * Trains it further: {@code
   * train(onText(corpus("articles")).tokens(200_000).learningRate(3e-4))}. Its curve is shown while
   * it runs. An interrupt ends it within a step and keeps what was done: the same line goes on from
   * there.
   *
   * @throws io.kerf.train.TrainingFailedException if the loss became NaN
   */
  public Variant train(Pretraining recipe) {
    Screen screen = Screen.current();
    return train(recipe, screen.training(), screen.progress());
  }

  /** As {@link #train(Pretraining)}, for other listeners; shows nothing. */
  public Variant train(Pretraining recipe, TrainingListener listener, ProgressListener progress) {
    TrainingRun.Result result = TrainingRun.of(model, recipe, listener, progress);
    double operations = TrainingOperations.of(result, recipe);
    TrainingLog log = result.log().withOperations(operations);
    return new Variant(result.model(), result.model().label(), log);
  }

  /**
   * The training that made it, step by step.
   *
   * @throws IllegalStateException if it was not trained by this program
   */
  public TrainingLog training() {
    if (training == null) {
      throw new IllegalStateException(
          label + " was not trained here: only what train(...) gave knows its steps");
    }
    return training;
  }

  /**
   * The same architecture with weights drawn anew, as before any training: matrices from a normal
   * distribution of deviation 0.02, norms 1, biases 0.
   */
  public Variant fromScratch(long seed) {
    return new Variant(FromScratch.of(model, seed));
  }

  /** The same model under another label, for tables and legends. */
  public Variant named(String newLabel) {
    return new Variant(model, Objects.requireNonNull(newLabel, "label"), training);
  }

  /** Short, for tables and legends: "dense", "magnitude 50% attention". */
  public String label() {
    return label;
  }

  /** The model as a value, for those who build on Kerf. */
  public Model model() {
    return model;
  }

  /** Where it came from and what was done to it. */
  public Lineage lineage() {
    return model.lineage();
  }

  /** Fails unless both read the same tokens. */
  void requireTokenizerOf(Variant dense) {
    if (!model.tokenizer().sha256().equals(dense.model.tokenizer().sha256())) {
      throw new IllegalArgumentException(
          "'"
              + label
              + "' of "
              + lineage().name()
              + " has another tokenizer than "
              + dense.lineage().name()
              + ": only variants of one model can be compared");
    }
  }

  /** How many blocks it has, of an encoder-decoder in both stacks together. */
  public int layers() {
    return model.blocks().size();
  }

  /**
   * How much of the blocks' weights a scope holds, in [0, 1]: by it cuts of different scopes are
   * made equally large, {@code prune(magnitude(0.25 / dense.share(FFN)).in(FFN))}.
   */
  public double share(Scope scope) {
    return scope.shareOf(model);
  }

  /** What it came to: sparsity, bits and bytes as they are, not as they were asked for. */
  public synchronized Achieved achieved() {
    if (achieved == null) {
      achieved = Achieved.of(model);
    }
    return achieved;
  }

  /**
   * A row for each weight and bias: block, role, shape, dtype, parameters, bytes, sparsity. What
   * {@code display(variant)} shows is the same with equal blocks folded.
   */
  public FootnotedTable summary() {
    return SummaryTable.of(title(), rows(), LineageText.of(lineage()));
  }

  private synchronized List<SummaryTable.Row> rows() {
    if (rows == null) {
      rows =
          WeightSummary.of(model).stream()
              .map(
                  w ->
                      new SummaryTable.Row(
                          w.name(),
                          stack(w.block()),
                          inStack(w.block()),
                          w.role(),
                          w.bias(),
                          w.dimensions(),
                          w.encoding(),
                          w.parameters(),
                          w.sizeBytes(),
                          w.zeros()))
              .toList();
    }
    return rows;
  }

  private String stack(int block) {
    boolean one = model.config().family().kind() != Family.Kind.ENCODER_DECODER;
    return one || block < 0 ? "" : model.blocks().get(block).stack().label();
  }

  private int inStack(int block) {
    return block < 0 || model.blocks().get(block).stack() == Stack.ENCODER
        ? block
        : block - model.blocks(Stack.ENCODER).size();
  }

  /**
   * The text that a causal model most likely goes on with, or an encoder-decoder most likely
   * answers with, token by token.
   *
   * @param newTokens at most so many
   */
  public String generate(String prompt, int newTokens) {
    int[] ids = model.tokenizer().encode(prompt, true);
    return model.tokenizer().decode(generate(ids, newTokens), true);
  }

  private int[] generate(int[] prompt, int newTokens) {
    if (model.config().family().kind() == Family.Kind.ENCODER_DECODER) {
      try (var session = EncoderDecoderSession.open(model, WeightFormat.FLOAT32_PACKED)) {
        return session.generate(prompt, newTokens, true);
      }
    }
    try (var session = DecoderSession.open(model, WeightFormat.FLOAT32_PACKED)) {
      return session.generate(prompt, newTokens, true);
    }
  }

  /**
   * Text that a causal model goes on with, each token drawn by its probability: {@code sample("Once
   * upon a time", 60, temperature(0.8).topP(0.95).seed(1))}.
   *
   * @param newTokens at most so many
   */
  public String sample(String prompt, int newTokens, TokenSampling sampling) {
    int[] ids = model.tokenizer().encode(prompt, true);
    try (var session = DecoderSession.open(model, WeightFormat.FLOAT32_PACKED)) {
      int[] all =
          new Sampler(session, sampling)
              .write(ids, newTokens, AfterEos.STOP, 0, 1, units -> {})
              .get(0)
              .ids();
      return model.tokenizer().decode(Arrays.copyOfRange(all, ids.length, all.length), true);
    }
  }

  /**
   * The likeliest tokens for the blank in a text, written as three underscores: {@code "The capital
   * of France is ___."}
   *
   * <p>A masked model fills it with its mask token, an encoder-decoder with its first sentinel, and
   * both see the text on either side. A causal model sees what comes before alone, so that the
   * blank must be the end of the text; the space before it belongs to the token.
   *
   * @param k how many tokens
   * @throws IllegalArgumentException if the text has no blank, several, or one that such a model
   *     cannot fill
   */
  public FootnotedTable fill(String text, int k) {
    return Blank.of(text).fill(model, title(), k);
  }

  /**
   * Writes the model as a Hugging Face folder: transformers opens it, and {@code load} does, with
   * its history. Layers that are gone are gone from its configuration too; what was quantized is
   * written as the numbers that it stands for.
   *
   * @param folder must not exist, or be empty
   * @return the folder
   */
  public Path save(String folder) {
    return save(Path.of(folder));
  }

  /** As {@link #save(String)}. */
  public Path save(Path folder) {
    return save(folder, Saving.asStored());
  }

  /** As {@link #save(String)}, with all numbers in this type. */
  public Path save(String folder, FloatType type) {
    return save(Path.of(folder), type);
  }

  /** As {@link #save(String)}, with all numbers in this type. */
  public Path save(Path folder, FloatType type) {
    return save(folder, Saving.asStored().as(type));
  }

  /** As {@link #save(String)}: {@code save("small", asStored().overwrite())}. */
  public Path save(String folder, Saving saving) {
    return save(Path.of(folder), saving);
  }

  /** As {@link #save(String)}. */
  public Path save(Path folder, Saving saving) {
    ModelWriter.write(model, folder, saving, Kerf.VERSION, Screen.current().progress());
    return folder;
  }

  /**
   * Writes this variant's LoRA adapter alone, as PEFT does: PEFT opens it on the same model, and
   * {@code load} and {@link #adapt(Path)} do. The model that it is for must be as it was loaded;
   * for one that was cut, see {@link #saveAdapter(Path, Path)}.
   *
   * @param folder must not exist, or be empty
   * @return the folder
   */
  public Path saveAdapter(String folder) {
    return saveAdapter(Path.of(folder));
  }

  /** As {@link #saveAdapter(String)}. */
  public Path saveAdapter(Path folder) {
    return saveAdapter(folder, "", Saving.asStored());
  }

  /**
   * As {@link #saveAdapter(String)}, for a model of which this is the folder: {@code
   * chopped.save("chopped")}, and then {@code trained.saveAdapter("healed", "chopped")}.
   */
  public Path saveAdapter(String folder, String base) {
    return saveAdapter(Path.of(folder), Path.of(base));
  }

  /** As {@link #saveAdapter(String, String)}. */
  public Path saveAdapter(Path folder, Path base) {
    return saveAdapter(folder, base.toAbsolutePath().normalize().toString(), Saving.asStored());
  }

  /**
   * As {@link #saveAdapter(String)}.
   *
   * @param base the name or path of the model that it is for, written as it is; empty for where
   *     that was loaded from
   * @param saving {@code asStored().overwrite()}; the type of A and B is float32 unless it says
   *     another
   */
  public Path saveAdapter(Path folder, String base, Saving saving) {
    var listener = Screen.current().progress();
    AdapterWriter.write(model, folder, base, saving, Kerf.VERSION, listener);
    return folder;
  }

  /**
   * Writes the model as a GGUF file, which llama.cpp opens: LLaMA, Qwen2, Qwen3 and GPT-2.
   *
   * @param file must not exist, and end in ".gguf"
   * @param encoding of the matrices: {@code F32, F16, Q8_0, Q4_0, Q4_1}
   * @return the file
   */
  public Path saveGguf(String file, GgufEncoding encoding) {
    return saveGguf(Path.of(file), encoding);
  }

  /** As {@link #saveGguf(String, GgufEncoding)}. */
  public Path saveGguf(Path file, GgufEncoding encoding) {
    return saveGguf(file, encoding, false);
  }

  /**
   * As {@link #saveGguf(String, GgufEncoding)}.
   *
   * @param overwrite whether a file that Kerf wrote may be replaced
   */
  public Path saveGguf(Path file, GgufEncoding encoding, boolean overwrite) {
    var listener = Screen.current().progress();
    GgufModelWriter.write(model, file, encoding, overwrite, Kerf.VERSION, listener);
    return file;
  }

  /**
   * Writes the model as an ONNX file, which ONNX Runtime computes the same logits with: quantized
   * weights as their codes, all others in float32.
   *
   * @param file must not exist; where weights are more than 1 GiB, they go into FILE.data beside it
   * @return the file
   */
  public Path saveOnnx(String file) {
    return saveOnnx(Path.of(file));
  }

  /** As {@link #saveOnnx(String)}. */
  public Path saveOnnx(Path file) {
    return saveOnnx(file, Kerf.onnx());
  }

  /** As {@link #saveOnnx(String)}, otherwise: {@code saveOnnx(file, onnx().int4().overwrite())}. */
  public Path saveOnnx(String file, OnnxOptions options) {
    return saveOnnx(Path.of(file), options);
  }

  /**
   * As {@link #saveOnnx(String, OnnxOptions)}.
   *
   * @throws IllegalArgumentException if the file exists and is not to be replaced, or if this
   *     variant's codes have other bits than were asked for: nothing is rounded twice
   */
  public Path saveOnnx(Path file, OnnxOptions options) {
    var listener = Screen.current().progress();
    OnnxExport.write(rounded(options.weights()), file, options, Kerf.VERSION, listener);
    return file;
  }

  /** This model, in codes of so many bits if it has none of its own. */
  private Model rounded(OnnxOptions.Weights weights) {
    if (OnnxExport.hasCodes(model)) {
      return model;
    }
    return switch (weights) {
      case AS_HELD, FLOAT32 -> model;
      case INT8 -> Kerf.int8().apply(model);
      case INT4 -> Kerf.int4().apply(model);
    };
  }

  private String title() {
    return lineage().name() + ", " + label;
  }

  /** Roles by equal blocks, totals above, lineage below. */
  private FootnotedTable folded() {
    Achieved now = achieved();
    SummaryTable.Totals totals =
        new SummaryTable.Totals(
            title(),
            now.layers(),
            now.parameters(),
            now.sizeBytes(),
            now.sparsity(),
            now.bitsPerWeight());
    return SummaryTable.folded(totals, rows(), LineageText.of(lineage()));
  }

  @Override
  public String html() {
    return Rendering.of(folded()).get(Rendering.HTML);
  }

  @Override
  public String text() {
    return Rendering.of(folded()).get(Rendering.TEXT);
  }

  @Override
  public String toString() {
    return text();
  }
}
