package io.kerf;

import io.kerf.compress.DynamicInt8;
import io.kerf.compress.LayerRemoval;
import io.kerf.compress.Magnitude;
import io.kerf.compress.RoundToNearest;
import io.kerf.compress.Scope;
import io.kerf.compress.SemiStructuredMagnitude;
import io.kerf.engine.TokenSampling;
import io.kerf.eval.AnswerStore;
import io.kerf.eval.DataHome;
import io.kerf.eval.Sampling;
import io.kerf.eval.SourceText;
import io.kerf.eval.Task;
import io.kerf.eval.harness.Harness;
import io.kerf.eval.harness.HarnessTasks;
import io.kerf.eval.harness.PseudoPerplexity;
import io.kerf.eval.harness.TextPerplexity;
import io.kerf.eval.lama.Lama;
import io.kerf.eval.lama.Normalisation;
import io.kerf.eval.rewording.RewordedTask;
import io.kerf.eval.rewording.Rewording;
import io.kerf.eval.rewording.Typos;
import io.kerf.eval.rewording.Wording;
import io.kerf.model.AdapterFolder;
import io.kerf.model.FloatType;
import io.kerf.model.GgufEncoding;
import io.kerf.model.ModelReader;
import io.kerf.model.Saving;
import io.kerf.model.Stack;
import io.kerf.onnx.OnnxOptions;
import io.kerf.progress.ProgressListener;
import io.kerf.report.Display;
import io.kerf.report.FootnotedTable;
import io.kerf.report.ModelTable;
import io.kerf.report.Screen;
import io.kerf.rows.DataSet;
import io.kerf.source.Catalogue;
import io.kerf.source.DataArchive;
import io.kerf.source.Downloads;
import io.kerf.source.Hub;
import io.kerf.source.HubDataset;
import io.kerf.source.HubName;
import io.kerf.train.Distillation;
import io.kerf.train.Lora;
import io.kerf.train.Pretraining;
import io.kerf.train.TrainingLog;
import io.kerf.train.corpus.Corpus;
import io.kerf.train.corpus.TokenCache;
import io.kerf.train.corpus.TokenDocuments;
import io.kerf.train.corpus.WrittenText;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Everything that a cell needs, by one line: {@code import static io.kerf.Kerf.*;}
 *
 * <pre>{@code
 * var dense  = load("bert-base-cased");
 * var pruned = dense.prune(magnitude(0.5).in(ATTENTION));
 * var report = evaluate(dense, pruned).on(lama("squad")).run();
 * display(report.table());
 * }</pre>
 */
public final class Kerf extends Display {
  /** Kerf's own version, as results name it. */
  public static final String VERSION = version();

  /** Attention's query, key and value projections. */
  public static final Scope QKV = Scope.QKV;

  /** All of attention's projections: query, key, value and output. */
  public static final Scope ATTENTION = Scope.ATTENTION;

  /** The feed-forward projections: up, down, and gate where there is one. */
  public static final Scope FFN = Scope.FFN;

  /** Every linear layer inside the blocks. */
  public static final Scope ALL = Scope.ALL;

  /** The projections of attention within an encoder. */
  public static final Scope ENCODER_ATTENTION = Scope.ENCODER_ATTENTION;

  /** The projections of attention within a decoder. */
  public static final Scope DECODER_ATTENTION = Scope.DECODER_ATTENTION;

  /** The projections of a decoder's attention to the encoder's output. */
  public static final Scope CROSS_ATTENTION = Scope.CROSS_ATTENTION;

  /** The projection to the vocabulary. */
  public static final Scope HEAD = Scope.HEAD;

  /** The token, position and segment embeddings. */
  public static final Scope EMBEDDINGS = Scope.EMBEDDINGS;

  /** Saved as 32-bit floating-point numbers. */
  public static final FloatType FLOAT32 = FloatType.FLOAT32;

  /** Saved as IEEE half precision. */
  public static final FloatType FLOAT16 = FloatType.FLOAT16;

  /** Saved as bfloat16. */
  public static final FloatType BFLOAT16 = FloatType.BFLOAT16;

  /** The stack that reads: {@code last(2).in(ENCODER)}. */
  public static final Stack ENCODER = Stack.ENCODER;

  /** The stack that writes. */
  public static final Stack DECODER = Stack.DECODER;

  /** A GGUF file of 32-bit floating-point numbers. */
  public static final GgufEncoding F32 = GgufEncoding.F32;

  /** A GGUF file of half-precision matrices. */
  public static final GgufEncoding F16 = GgufEncoding.F16;

  /** A GGUF file of 8-bit matrices. */
  public static final GgufEncoding Q8_0 = GgufEncoding.Q8_0;

  /** A GGUF file of 4-bit matrices. */
  public static final GgufEncoding Q4_0 = GgufEncoding.Q4_0;

  /** A GGUF file of 4-bit matrices with minima. */
  public static final GgufEncoding Q4_1 = GgufEncoding.Q4_1;

  /** The log-likelihood of an object as it is. */
  public static final Normalisation SUM = Normalisation.SUM;

  /** The log-likelihood of an object divided by its tokens. */
  public static final Normalisation PER_TOKEN = Normalisation.PER_TOKEN;

  /** The log-likelihood of an object divided by its UTF-8 bytes. */
  public static final Normalisation PER_BYTE = Normalisation.PER_BYTE;

  private Kerf() {}

  private static String version() {
    String packaged = Kerf.class.getPackage().getImplementationVersion();
    return packaged == null ? "development" : packaged;
  }

  /**
   * Finds the kernel and makes tables and charts appear inline; IJava needs it once, JJava does it
   * by itself.
   *
   * @return where results will be seen: "JJava", "IJava" or "console"
   */
  public static String init() {
    return Screen.current().name();
  }

  // ---------------------------------------------------------------- models

  /** The models that {@link #load(String)} knows by name. */
  public static FootnotedTable models() {
    return ModelTable.of(
        Catalogue.models().stream()
            .map(
                m ->
                    new ModelTable.Row(
                        m.name(), m.family(), m.parameters(), m.sizeBytes(), m.licence(), m.from()))
            .toList());
  }

  /**
   * A model by name or path, the first of these that the text is:
   *
   * <ul>
   *   <li>a name of {@link #models()}, fetched the first time;
   *   <li>the path of a folder or file that exists: see {@link #load(Path)};
   *   <li>a model of the Hugging Face hub, {@code org/name} or {@code org/name@revision}, or one
   *       file of it, {@code org/repo:file.gguf}; of an adapter the model that it is for, adapted:
   *       taken from the cache that Python shares, and downloaded into it the first time. {@code
   *       HF_HOME}, {@code HF_HUB_CACHE}, {@code HF_TOKEN}, {@code HF_ENDPOINT} and {@code
   *       HF_HUB_OFFLINE} mean what they mean in Python.
   * </ul>
   *
   * @throws io.kerf.name.UnknownNameException if it is none, with what may have been meant
   */
  public static Variant load(String name) {
    var listener = Screen.current().progress();
    if (Catalogue.models().stream().anyMatch(m -> m.name().equals(name))) {
      return fetch(name, listener);
    }
    if (exists(name)) {
      return load(Path.of(name));
    }
    Optional<HubName> hub = HubName.parse(name);
    if (hub.isPresent()) {
      var snapshot = Hub.ofUser().fetch(hub.get(), ModelReader::check, listener);
      return AdapterFolder.is(snapshot.path())
          ? Adapters.load(snapshot)
          : new Variant(ModelReader.read(snapshot, listener));
    }
    return isPath(name) ? load(Path.of(name)) : fetch(name, listener);
  }

  private static Variant fetch(String name, ProgressListener listener) {
    var fetched = Downloads.ofUser().fetch(Catalogue.find(name), listener);
    return new Variant(ModelReader.read(fetched, listener));
  }

  static boolean exists(String text) {
    try {
      return Files.exists(Path.of(text));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** Whether a text is meant as a path, though nothing is there. */
  private static boolean isPath(String text) {
    try {
      return Path.of(text).isAbsolute() || text.contains("/") || text.endsWith(".gguf");
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /**
   * The model in a Hugging Face folder, in a GGUF file, or in a file of llama2.c; of a folder of
   * PEFT's with a LoRA adapter the model that it is for, adapted.
   */
  public static Variant load(Path path) {
    if (AdapterFolder.is(path)) {
      return Adapters.load(path);
    }
    return new Variant(ModelReader.read(path, Screen.current().progress()));
  }

  /**
   * How a folder is saved unless something else is asked for: {@code variant.save("small",
   * asStored().overwrite())}.
   */
  public static Saving asStored() {
    return Saving.asStored();
  }

  // ---------------------------------------------------------------- cuts

  /**
   * Removes the weights of smallest magnitude, over the whole scope at once; {@code perLayer()} and
   * {@code perRow()} compare among fewer.
   *
   * @param sparsity the share that goes, in [0, 1)
   */
  public static Magnitude magnitude(double sparsity) {
    return Magnitude.of(sparsity);
  }

  /** Keeps the {@code kept} largest of every {@code of} weights along a row: 2:4, 4:8. */
  public static SemiStructuredMagnitude magnitude(int kept, int of) {
    return SemiStructuredMagnitude.of(kept, of);
  }

  /** Rounds weights to 8 bits, symmetric, a scale for each output row. */
  public static RoundToNearest int8() {
    return RoundToNearest.int8();
  }

  /** Rounds weights to 4 bits in groups. */
  public static RoundToNearest int4() {
    return RoundToNearest.int4();
  }

  /** Rounds weights to 3 bits in groups. */
  public static RoundToNearest int3() {
    return RoundToNearest.bits(3);
  }

  /** Rounds weights to so many bits, 2 to 8. */
  public static RoundToNearest bits(int bits) {
    return RoundToNearest.bits(bits);
  }

  /** Weights to 8 bits, and the layers' inputs too as the model runs. */
  public static DynamicInt8 int8Dynamic() {
    return DynamicInt8.of();
  }

  /** Removes the last layers. */
  public static LayerRemoval last(int layers) {
    return LayerRemoval.last(layers);
  }

  /** Removes the first layers. */
  public static LayerRemoval first(int layers) {
    return LayerRemoval.first(layers);
  }

  /** Removes layers from the middle. */
  public static LayerRemoval middle(int layers) {
    return LayerRemoval.middle(layers);
  }

  /** Removes every other layer from the top. */
  public static LayerRemoval alternate(int layers) {
    return LayerRemoval.alternate(layers);
  }

  /** Keeps evenly spread layers, the first and the last among them. */
  public static LayerRemoval uniform(int layers) {
    return LayerRemoval.uniform(layers);
  }

  /** Removes evenly spread layers between the first and the last (Just CHOP's max-gap). */
  public static LayerRemoval maxGap(int layers) {
    return LayerRemoval.maxGap(layers);
  }

  /** Removes the layers after the first. */
  public static LayerRemoval input(int layers) {
    return LayerRemoval.input(layers);
  }

  /** Removes the layers before the last. */
  public static LayerRemoval output(int layers) {
    return LayerRemoval.output(layers);
  }

  /** Removes layers near both ends. */
  public static LayerRemoval both(int layers) {
    return LayerRemoval.both(layers);
  }

  /**
   * Removes just these layers, counted from 0 as the model now is; of an encoder-decoder say which
   * stack's: {@code layers(3).in(DECODER)}.
   */
  public static LayerRemoval layers(int... indices) {
    return LayerRemoval.layers(indices);
  }

  // ---------------------------------------------------------------- files

  /** How {@link Variant#saveOnnx(Path, OnnxOptions)} writes: weights as held; say what differs. */
  public static OnnxOptions onnx() {
    return OnnxOptions.of();
  }

  // ---------------------------------------------------------------- text

  /** How tokens are drawn: {@code variant.sample("Once", 60, temperature(0.8).topP(0.95))}. */
  public static TokenSampling temperature(double temperature) {
    return TokenSampling.temperature(temperature);
  }

  /**
   * Text that a causal model writes itself, to train on where there is no corpus: {@code
   * writtenBy(dense).tokens(40_000).seed(1)}.
   */
  public static WrittenText writtenBy(Variant dense) {
    return WrittenText.by(dense.model(), Screen.current().progress());
  }

  // ---------------------------------------------------------------- data

  /** A file of rows: JSON lines, a JSON array, CSV, Parquet; zipped too, all but the last. */
  public static DataSet data(Path file) {
    return DataSet.of(file);
  }

  /**
   * One split of a folder, or of a data set on the Hugging Face hub, downloaded if it is not here
   * yet: {@code data("allenai/ai2_arc", "ARC-Easy", "validation").read()}.
   *
   * @param name a folder that exists, or {@code org/name}, {@code org/name@revision}
   * @param configuration blank for the only one, or the one that is the default
   * @throws io.kerf.name.UnknownNameException if there is no such configuration or split
   */
  public static DataSet data(String name, String configuration, String split) {
    return exists(name)
        ? DataSet.in(Path.of(name), configuration, split)
        : DataSet.ofHub(HubDataset.of(name), configuration, split, Screen.current().progress());
  }

  /**
   * Text to learn from: a file, or all files of a folder; plain text, or rows with a column of
   * text: {@code corpus(Path.of("articles")).lines()}, {@code
   * corpus(Path.of("r.parquet")).column("body")}.
   */
  public static Corpus corpus(Path path) {
    return Corpus.of(path);
  }

  /** A text that the project knows by name ("wikitext2", "held_out"), or a path. */
  public static Corpus corpus(String name) {
    return exists(name) || isPath(name) ? corpus(Path.of(name)) : corpus(text(name).file().path());
  }

  /** How a variant is trained on a corpus, see {@link Pretraining}: {@code train(onText(...))}. */
  public static Pretraining onText(Corpus corpus) {
    return Pretraining.on(corpus);
  }

  /**
   * On a path, or on a text by name: {@code onText("wikitext2_valid")}, {@code onText("notes")}.
   */
  public static Pretraining onText(String name) {
    return onText(corpus(name));
  }

  /** On what a model wrote itself: {@code onText(writtenBy(dense).tokens(40_000))}. */
  public static Pretraining onText(TokenDocuments documents) {
    return Pretraining.on(documents);
  }

  /** Adapters of a rank, see {@link Lora}: {@code onText(...).lora(lora(8).in(ATTENTION))}. */
  public static Lora lora(int rank) {
    return Lora.of(rank);
  }

  /** Learning from a model that was not cut, see {@link Distillation}. */
  public static Distillation from(Variant teacher) {
    return Distillation.from(teacher.model());
  }

  /** The rows of a data set to learn from: {@code corpus(data("org/name", "", "train"))}. */
  public static Corpus corpus(DataSet rows) {
    return Corpus.of(rows);
  }

  /**
   * Where the tokens of corpora are kept: a folder of Kerf's home, or what the system property
   * {@value TokenCache#PROPERTY} or the environment's {@value TokenCache#VARIABLE} names. {@code
   * tokenCache().clear()} removes them.
   */
  public static TokenCache tokenCache() {
    return TokenCache.ofUser();
  }

  // ---------------------------------------------------------------- tasks

  /** The tasks whose data are here: "lama squad" for {@code lama("squad")}, "piqa" for itself. */
  public static List<String> tasks() {
    List<String> names = new ArrayList<>();
    Lama.in(DataHome.usual()).available().forEach(name -> names.add("lama " + name));
    names.addAll(Harness.in(DataHome.usual()).available());
    return names;
  }

  /**
   * LAMA's corpora: "squad", "google_re", "trex", "conceptnet", one relation ("trex/P19"), or
   * "facts", which the project ships. Every family of models answers; {@link LamaTasks} says what
   * else can be asked.
   */
  public static LamaTasks lama(String... corpora) {
    return LamaTasks.of(Lama.in(DataHome.usual()), task -> task, corpora);
  }

  /** LAMA's corpora, the first so many facts of each relation. */
  public static LamaTasks lama(int factsOfEachRelation, String... corpora) {
    Sampling some = Sampling.first(factsOfEachRelation);
    return LamaTasks.of(Lama.in(DataHome.usual()), task -> task.ofEachRelation(some), corpora);
  }

  /** LAMA's files in a folder. */
  public static LamaData lamaData(Path folder) {
    return new LamaData(folder);
  }

  /**
   * LAMA's files in a ZIP archive at an address, downloaded once and checked.
   *
   * @param sha256 of the archive
   */
  public static LamaData lamaData(URI address, String sha256) {
    return new LamaData(new DataArchive(address, sha256).fetch(Screen.current().progress()));
  }

  /**
   * A task of the evaluation harness on all its rows, or the tasks of a group: "piqa", "questions",
   * "mmlu_stem"; {@code task("hellaswag").shots(5)} puts examples before each question.
   */
  public static HarnessTasks task(String name) {
    return harness().tasks(name, Sampling.all());
  }

  private static Harness harness() {
    return Harness.in(DataHome.usual()).orFromHub(Screen.current().progress());
  }

  /** A task of the evaluation harness on its first rows. */
  public static HarnessTasks task(String name, int rows) {
    return harness().tasks(name, Sampling.first(rows));
  }

  /** A task of a YAML file in the format of lm-evaluation-harness. */
  public static HarnessTasks task(Path yaml) {
    return harness().tasks(yaml, Sampling.all());
  }

  /** A task of a YAML file on its first rows. */
  public static HarnessTasks task(Path yaml, int rows) {
    return harness().tasks(yaml, Sampling.first(rows));
  }

  /**
   * Perplexity per token of a text, over its first disjoint windows; {@code .strided(512)} lets
   * windows overlap, so that most tokens are scored after a long context.
   *
   * @param text "wikitext2"; "wikitext2_joined", the same as compression papers read it; or
   *     "held_out", which the project ships
   * @param windowTokens tokens in a window
   * @param windows how many
   */
  public static TextPerplexity perplexity(String text, int windowTokens, int windows) {
    return TextPerplexity.of(text(text), windowTokens, Sampling.first(windows));
  }

  /** As {@link #perplexity(String, int, int)}, over all windows. */
  public static TextPerplexity perplexity(String text, int windowTokens) {
    return TextPerplexity.of(text(text), windowTokens, Sampling.all());
  }

  /** As {@link #perplexity(String, int, int)}, of a text of one's own. */
  public static TextPerplexity perplexity(Path text, int windowTokens, int windows) {
    return TextPerplexity.of(SourceText.of(text), windowTokens, Sampling.first(windows));
  }

  /** As {@link #perplexity(String, int)}, of a text of one's own. */
  public static TextPerplexity perplexity(Path text, int windowTokens) {
    return TextPerplexity.of(SourceText.of(text), windowTokens, Sampling.all());
  }

  /**
   * Pseudo-perplexity of a text for masked models (arXiv 1910.14659), over its first windows: each
   * token masked alone, so that a window takes as many passes as it has tokens.
   */
  public static List<Task> pseudoPerplexity(String text, int windowTokens, int windows) {
    return List.of(new PseudoPerplexity(text(text), windowTokens, Sampling.first(windows)));
  }

  /** As {@link #pseudoPerplexity(String, int, int)}, of a text of one's own. */
  public static List<Task> pseudoPerplexity(Path text, int windowTokens, int windows) {
    return List.of(
        new PseudoPerplexity(SourceText.of(text), windowTokens, Sampling.first(windows)));
  }

  static SourceText text(String name) {
    return Harness.in(DataHome.usual()).text(name);
  }

  /**
   * These tasks with typing errors in their prompts; what is scored after them is left alone. See
   * {@link Typos} for what is changed; measure the tasks themselves too, and {@code
   * report.robustness()} says what was lost.
   *
   * @param rate the share of words that get an error, in (0, 1]
   */
  public static List<Task> typos(List<Task> tasks, double rate, long seed) {
    return reworded(tasks, new Typos(rate, seed));
  }

  /** These tasks with their prompts said otherwise. */
  public static List<Task> reworded(List<Task> tasks, Rewording rewording) {
    return tasks.stream().<Task>map(task -> RewordedTask.of(task, rewording)).toList();
  }

  /**
   * These tasks as they are and in other words: "Q: ... A:", and the question alone, in place of
   * "Question: ... Answer:". {@code report.wordings()} compares them.
   */
  public static List<Task> wordings(List<Task> tasks) {
    List<Task> all = new ArrayList<>(tasks);
    Wording.OF_QUESTIONS.forEach(wording -> all.addAll(reworded(tasks, wording)));
    return List.copyOf(all);
  }

  /** What these variants of a model are measured by is said next: {@code .on(lama("squad"))}. */
  public static Evaluation evaluate(Variant... variants) {
    return evaluate(List.of(variants));
  }

  /** As {@link #evaluate(Variant...)}. */
  public static Evaluation evaluate(List<Variant> variants) {
    return new Evaluation(variants, List.of(), Evaluation.QUALITY);
  }

  /**
   * How far these variants' predictions are from the dense model's, over a text that is said next:
   * {@code diverge(dense, pruned, int8).on("wikitext2", 512, 8).run()}.
   */
  public static DivergenceStudy diverge(Variant dense, Variant... variants) {
    return diverge(dense, List.of(variants));
  }

  /** As {@link #diverge(Variant, Variant...)}. */
  public static DivergenceStudy diverge(Variant dense, List<Variant> variants) {
    return DivergenceStudy.of(dense, variants);
  }

  /**
   * After how many queries a cut has paid: measures both models by turns on the same queries, and
   * divides what the training took by what a query saves. Some dozen seconds to minutes, by the
   * models' size; {@link #breakEven(Variant, Variant, TrainingLog, Queries)} says other queries.
   *
   * @param training of the variant
   */
  public static BreakEvenReport breakEven(Variant dense, Variant variant, TrainingLog training) {
    return breakEven(dense, variant, training, Queries.USUAL);
  }

  /** As {@link #breakEven(Variant, Variant, TrainingLog)}, of a variant trained by this program. */
  public static BreakEvenReport breakEven(Variant dense, Variant variant) {
    return breakEven(dense, variant, variant.training());
  }

  /**
   * As {@link #breakEven(Variant, Variant, TrainingLog)}: {@code breakEven(dense, healed, training,
   * queries(512, 8).times(20))}. An interrupt ends it and keeps the queries that were measured, if
   * they are two or more: the report is shown at once.
   */
  public static BreakEvenReport breakEven(
      Variant dense, Variant variant, TrainingLog training, Queries queries) {
    Screen screen = Screen.current();
    Consumer<Object> here = screen.here();
    BreakEvenReport report =
        BreakEvenReport.of(dense, variant, training, queries, screen.progress());
    if (!report.complete()) {
      here.accept(report);
    }
    return report;
  }

  /**
   * Queries that read and write so many tokens, twelve of them: {@code queries(128,
   * 32).times(40).on("wikitext2")}.
   */
  public static Queries queries(int promptTokens, int newTokens) {
    return Queries.USUAL.of(promptTokens, newTokens);
  }

  /**
   * Kerf held against numbers that others got, on the models and data that are here, within some
   * minutes: what was expected, what came out, how far apart the two may be. Nothing is downloaded;
   * what is absent or takes long is listed with how to have it.
   */
  public static FootnotedTable anchors() {
    return Anchors.usual().run(Screen.current().progress());
  }

  /** As {@link #anchors()}, one set of them, however long it takes: "bert", "smollm2". */
  public static FootnotedTable anchors(String set) {
    return Anchors.of(set).run(Screen.current().progress());
  }

  /**
   * Where the answers of evaluations are kept: a folder of Kerf's home, or what the system property
   * {@value AnswerStore#PROPERTY} or the environment's {@value AnswerStore#VARIABLE} names. {@code
   * answers().clear()} removes them.
   *
   * @throws IllegalStateException if that is {@value AnswerStore#NONE}
   */
  public static AnswerStore answers() {
    return UserAnswers.store()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no answers are kept: "
                        + AnswerStore.PROPERTY
                        + " or "
                        + AnswerStore.VARIABLE
                        + " is "
                        + AnswerStore.NONE
                        + "; name a folder there, or leave it away for one in Kerf's home"));
  }
}
