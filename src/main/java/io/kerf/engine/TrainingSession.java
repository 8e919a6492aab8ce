package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import io.kerf.model.Block;
import io.kerf.model.Lineage;
import io.kerf.model.Model;
import io.kerf.model.Parameter;
import io.kerf.model.Role;
import io.kerf.progress.Interrupted;
import io.kerf.tensor.FloatTensor;
import io.kerf.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A model that is being trained, on the page that it is run by. It owns all native memory; close
 * it.
 *
 * <p>A session is used by one thread at a time. Examples of a step are laid end to end and never
 * padded; a step of several passes is the same as one of one pass, to rounding.
 */
public final class TrainingSession implements AutoCloseable {
  private static final int HEAD_ROWS = 512;

  /**
   * What a step came to.
   *
   * @param loss mean over labels, in nats, before the step; with a teacher, the weighted sum of all
   *     losses
   * @param crossEntropy the part of the labels alone, not weighted
   * @param gradientNorm before clipping
   * @param tokens that were read
   * @param labels that counted
   */
  public record Outcome(
      double loss, double crossEntropy, double gradientNorm, long tokens, long labels) {
    /** Whether it can be gone on from. */
    public boolean finite() {
      return Double.isFinite(loss) && Double.isFinite(gradientNorm);
    }
  }

  private final Model model;
  private final TrainingOptions options;
  private final Learner learner;
  private final Learner teacher; // or null
  private final Masters masters;
  private final Updates updates;

  private TrainingSession(Model model, TrainingOptions options) {
    this.model = model;
    this.options = options;
    options.teaching().ifPresent(this::requireFitting); // before anything is held
    Learning how = new Learning(options.bfloat16(), options.dropout(), options.changes());
    learner = Learner.of(model, how);
    try {
      masters = learner.page().weights.masters();
      if (masters.all().isEmpty()) {
        throw new IllegalArgumentException(
            model.lineage().name() + ": nothing of the model is to be trained");
      }
      updates = new Updates(options.optimizer(), masters);
      renew();
      teacher = options.teaching().map(this::opened).orElse(null);
    } catch (RuntimeException e) {
      learner.page().close();
      throw e;
    }
  }

  /** Opens a model for training. */
  public static TrainingSession open(Model model, TrainingOptions options) {
    return new TrainingSession(model, options);
  }

  private void renew() {
    masters.forms().forEach(form -> form.renew(updates.steps()));
  }

  private Learner opened(Teaching teaching) {
    return Learner.of(teaching.teacher(), Learning.nothing(options.bfloat16()));
  }

  private void requireFitting(Teaching teaching) {
    Model dense = teaching.teacher();
    if (dense.config().family().kind() != model.config().family().kind()
        || dense.config().vocabulary() != model.config().vocabulary()) {
      throw new IllegalArgumentException(
          "a teacher needs the kind and the vocabulary of its student: "
              + dense.lineage().name()
              + " has "
              + dense.config().vocabulary()
              + " tokens, "
              + model.lineage().name()
              + " has "
              + model.config().vocabulary());
    }
    if (teaching.hidden() > 0) {
      requireLayers(teaching, dense);
    }
    if (teaching.contrast() > 0) {
      requireWidth(dense);
    }
  }

  private void requireWidth(Model dense) {
    if (dense.config().width() != model.config().width()) {
      throw new IllegalArgumentException(
          "tokens are contrasted in one space: "
              + model.lineage().name()
              + " has width "
              + model.config().width()
              + ", its teacher "
              + dense.lineage().name()
              + " has "
              + dense.config().width()
              + "; set the contrast's weight to 0 or take a teacher of the same width");
    }
  }

  private void requireLayers(Teaching teaching, Model dense) {
    int blocks = model.blocks().size();
    boolean fits =
        teaching.layers().size() == blocks
            && teaching.layers().stream().allMatch(l -> l >= 0 && l < dense.blocks().size());
    if (!fits || dense.config().width() != model.config().width()) {
      throw new IllegalArgumentException(
          "hidden states are compared block by block: "
              + blocks
              + " blocks of width "
              + model.config().width()
              + " need as many layers of a teacher of "
              + dense.blocks().size()
              + " blocks of width "
              + dense.config().width()
              + ", got "
              + teaching.layers());
    }
  }

  /**
   * Computes gradients and makes one step, unless the loss or its gradient is not finite: then
   * nothing is changed.
   *
   * @throws IllegalArgumentException if no label of the examples counts
   */
  public Outcome step(List<Example> examples, double learningRate) {
    long labels = labels(examples);
    long tokens = examples.stream().mapToLong(learner::read).sum();
    Sum sum = new Sum();
    try {
      List<List<Example>> passes = passes(examples);
      for (int p = 0; p < passes.size(); p++) {
        Interrupted.check("training");
        pass(passes.get(p), labels, tokens, p, sum);
      }
    } catch (RuntimeException e) {
      updates.clear();
      throw e;
    }
    masters.forms().forEach(form -> form.pull(updates.steps()));
    double norm = updates.norm();
    Outcome outcome = new Outcome(sum.weighted, sum.entropy / labels, norm, tokens, labels);
    if (outcome.finite()) {
      updates.step(learningRate, Math.max(1, (norm + 1e-6) / options.clipNorm()));
      renew();
    } else {
      updates.clear();
    }
    return outcome;
  }

  private long labels(List<Example> examples) {
    long labels = examples.stream().mapToLong(learner::counted).sum();
    if (labels == 0) {
      throw new IllegalArgumentException(
          "no label of " + examples.size() + " examples counts: there is nothing to learn from");
    }
    return labels;
  }

  /** Of a step's passes. */
  private static final class Sum {
    double weighted;
    double entropy;
  }

  private void pass(List<Example> examples, long labels, long tokens, int number, Sum sum) {
    Page page = learner.page();
    try (PtNDManager scratch = page.scratch()) {
      Trail.Way way = options.recompute() ? Trail.Way.BACK_AGAIN : Trail.Way.BACK;
      long seed = options.seed() * 7_919 + updates.steps() * 4_099 + number;
      Trail trail = new Trail(page, scratch, way, options.dropout(), seed);
      try {
        Set<Integer> watched = watched();
        Learner.Passed passed = learner.forward(scratch, trail, examples, watched);
        Lesson lesson = lesson(scratch, examples, trail, tokens);
        sum.weighted += lesson.value();
        NDArray gradient = loss(scratch, passed, lesson.logits(), 1.0 / labels, sum);
        if (lesson.rows() != null) {
          gradient = contrasted(scratch, passed, lesson.rows(), gradient, 1.0 / labels, sum);
        }
        trail.backFrom(gradient, lesson.gradients());
      } finally {
        trail.abandon();
      }
    }
  }

  /**
   * What the teacher says of a pass.
   *
   * @param logits of the rows that are read, or null
   * @param rows that the teacher's head read, or null
   * @param gradients by the student's watched hidden states
   * @param value of the hidden states' loss
   */
  private record Lesson(NDArray logits, NDArray rows, List<NDArray> gradients, double value) {}

  private Set<Integer> watched() {
    boolean hidden = teacher != null && options.teaching().get().hidden() > 0;
    Set<Integer> blocks = new LinkedHashSet<>();
    for (int b = 0; hidden && b < model.blocks().size(); b++) {
      blocks.add(b);
    }
    return blocks;
  }

  private Lesson lesson(PtNDManager scratch, List<Example> examples, Trail student, long tokens) {
    if (teacher == null) {
      return new Lesson(null, null, List.of(), 0);
    }
    Teaching teaching = options.teaching().get();
    Set<Integer> blocks = teaching.hidden() > 0 ? new HashSet<>(teaching.layers()) : Set.of();
    Trail trail = new Trail(teacher.page(), scratch, Trail.Way.ONE_WAY, 0, 0);
    Learner.Passed passed = teacher.forward(scratch, trail, examples, blocks);
    NDArray logits =
        teaching.soft() > 0 ? teacher.head().allLogits(scratch, passed.hidden()) : null;
    List<NDArray> gradients = new ArrayList<>();
    double value = 0;
    if (teaching.hidden() > 0) {
      List<Integer> order = blocks.stream().sorted().toList();
      for (int b = 0; b < student.watched().size(); b++) {
        NDArray own = student.watched().get(b);
        NDArray other = trail.watched().get(order.indexOf(teaching.layers().get(b)));
        double width = own.getShape().get(1);
        double weight = teaching.hidden() / (tokens * width * student.watched().size());
        try (IValue both = learner.page().script.call("apart", own, other, weight)) {
          IValue[] parts = both.toIValueTuple();
          gradients.add(parts[0].toTensor(scratch));
          value += scalars(scratch, parts[1])[0];
        }
      }
    }
    NDArray rows = teaching.contrast() > 0 ? passed.hidden() : null;
    return new Lesson(logits, rows, gradients, value);
  }

  private static double[] scalars(PtNDManager scratch, IValue value) {
    try (NDArray array = value.toTensor(scratch)) {
      return array.toDoubleArray();
    }
  }

  /** The head's loss; its gradient by what the head read. */
  private NDArray loss(
      PtNDManager scratch, Learner.Passed passed, NDArray teacherLogits, double scale, Sum sum) {
    Page page = learner.page();
    NDArray labels = scratch.create(passed.labels());
    double hard = teacher == null ? 1 : options.teaching().get().hard();
    double soft = teacher == null ? 0 : options.teaching().get().soft();
    double temperature = teacher == null ? 1 : options.teaching().get().temperature();
    NDArray says = teacherLogits == null ? page.weights.none() : teacherLogits;
    Object[] own = {
      passed.hidden(), labels, says, hard, soft, temperature, scale, HEAD_ROWS, page.gradients()
    };
    try (IValue both = page.script.call("head_loss", learner.head().arguments(own))) {
      IValue[] parts = both.toIValueTuple();
      double[] sums = scalars(scratch, parts[1]);
      sum.entropy += sums[0];
      sum.weighted += (hard * sums[0] + soft * sums[1]) * scale;
      return parts[0].toTensor(scratch);
    }
  }

  /** Adds the contrast's loss, and its gradient to that by what the head read. */
  private NDArray contrasted(
      PtNDManager scratch,
      Learner.Passed passed,
      NDArray teachers,
      NDArray gradient,
      double scale,
      Sum sum) {
    Teaching teaching = options.teaching().get();
    double weight = teaching.contrast() * scale;
    Object[] own = {
      passed.hidden(),
      teachers,
      scratch.create(passed.owners()),
      teaching.contrastTemperature(),
      weight
    };
    try (IValue both = learner.page().script.call("contrast", own)) {
      IValue[] parts = both.toIValueTuple();
      sum.weighted += scalars(scratch, parts[1])[0];
      try (NDArray more = parts[0].toTensor(scratch)) {
        return learner.page().script.array(scratch, "sum_of", gradient, more);
      }
    }
  }

  /** Splits a step so that each pass has at most the tokens it may have, or a single example. */
  private List<List<Example>> passes(List<Example> examples) {
    List<List<Example>> passes = new ArrayList<>();
    List<Example> current = new ArrayList<>();
    int tokens = 0;
    for (Example example : examples) {
      int more = learner.read(example);
      if (!current.isEmpty() && tokens + more > options.passTokens()) {
        passes.add(current);
        current = new ArrayList<>();
        tokens = 0;
      }
      if (learner.counted(example) > 0) {
        current.add(example);
        tokens += more;
      }
    }
    if (!current.isEmpty()) {
      passes.add(current);
    }
    return passes;
  }

  /** The mean cross entropy of the labels as the model now is, in nats; nothing is dropped. */
  public double loss(List<Example> examples) {
    long labels = labels(examples);
    double sum = 0;
    Page page = learner.page();
    for (List<Example> pass : passes(examples)) {
      Interrupted.check("a loss");
      try (PtNDManager scratch = page.scratch()) {
        Trail trail = new Trail(page, scratch, Trail.Way.ONE_WAY, 0, 0);
        Learner.Passed passed = learner.forward(scratch, trail, pass, Set.of());
        Object[] own = {passed.hidden(), scratch.create(passed.labels()), HEAD_ROWS};
        try (IValue said = page.script.call("head_says", learner.head().arguments(own))) {
          sum += scalars(scratch, said)[0];
        }
      }
    }
    return sum / labels;
  }

  /** How many steps the optimizer made, of a run that was gone on with all of them. */
  public long steps() {
    return updates.steps();
  }

  /** Everything that a later session needs to go on: weights and the optimizer's state. */
  public TrainingState state() {
    return TrainingState.of(learner.page(), masters, updates);
  }

  /** The model as it now is; adapters that learned are part of their weights. */
  public Model trained(Lineage.Step step) {
    Map<Tensor, Tensor> kept = new IdentityHashMap<>();
    masters
        .changed()
        .forEach((was, now) -> kept.put(was, FloatTensor.wrap(now.shape(), now.toFloats())));
    Map<Role, Parameter> shared = new EnumMap<>(Role.class);
    model.shared().forEach((role, parameter) -> shared.put(role, changed(parameter, kept)));
    List<Block> blocks = new ArrayList<>();
    for (Block block : model.blocks()) {
      Map<Role, Parameter> parameters = new EnumMap<>(Role.class);
      block.parameters().forEach((role, p) -> parameters.put(role, changed(p, kept)));
      blocks.add(new Block(block.stack(), block.origin(), parameters));
    }
    return model.with(shared, blocks, step);
  }

  private static Parameter changed(Parameter parameter, Map<Tensor, Tensor> kept) {
    Tensor weight = parameter.weight();
    Tensor bias = parameter.bias();
    return new Parameter(
        weight == null ? null : kept.getOrDefault(weight, weight),
        bias == null ? null : kept.getOrDefault(bias, bias));
  }

  /**
   * Goes on from what another session kept: every array of the same name is taken over.
   *
   * @throws IllegalArgumentException if an array is missing there or has another shape
   */
  public void restore(TrainingState kept) {
    Map<String, Tensor> arrays = state().arrays();
    arrays.forEach(
        (name, own) -> {
          Tensor there = kept.arrays().get(name);
          if (there == null || !there.shape().equals(own.shape())) {
            throw new IllegalArgumentException(
                "what was kept does not fit the model: "
                    + name
                    + " has shape "
                    + own.shape()
                    + ", "
                    + (there == null ? "it is missing there" : "there it is " + there.shape()));
          }
        });
    learner.page().tensors().restore(arrays, kept.arrays());
    updates.steps(kept.steps());
    renew();
  }

  /**
   * An adapter as it has been learned.
   *
   * @throws IllegalArgumentException if none learns there
   */
  public WeightChange.LowRank adapter(int block, Role role) {
    WeightChange.LowRank began =
        options
            .changes()
            .adapter(block, role)
            .orElseThrow(
                () -> new IllegalArgumentException("no adapter learns at " + role + " " + block));
    Parameter parameter =
        block < 0 ? model.shared().get(role) : model.blocks().get(block).parameter(role);
    String name =
        "value." + masters.place(parameter.weight()).name().replaceFirst("\\.weight$", "");
    TrainingState now = state();
    return new WeightChange.LowRank(
        began.rank(),
        began.scale(),
        now.array(name + ".lora_a").toFloats(),
        now.array(name + ".lora_b").toFloats());
  }

  /** How many numbers learn. */
  public long learning() {
    return masters.all().stream().mapToLong(master -> master.value().size()).sum();
  }

  /** The model that it began with. */
  public Model model() {
    return model;
  }

  @Override
  public void close() {
    updates.close();
    if (teacher != null) {
      teacher.page().close();
    }
    learner.page().close();
  }
}
