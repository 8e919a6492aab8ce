package io.kerf.engine;

import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import io.kerf.model.Model;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A page of TorchScript with a model's weights: all that a session holds in native memory, given
 * back by {@link #close}.
 */
final class Page implements AutoCloseable {
  /** What a page that learns has more than one that does not. */
  static final List<String> LEARNING =
      List.of("way_back.py", "losses.py", "optimizers.py", "forms.py");

  final PtNDManager memory;
  final Script script;
  final Weights weights;
  private final NativeTensors tensors;
  private final boolean beside;
  private Object[] shape = {};
  private IValue gradients;
  private boolean closed;

  /** Compiles the named resources of this package as one page; weights are added afterwards. */
  Page(String... resources) {
    this(Script::of, tensors -> null, resources);
  }

  /** The same as a page on which that model learns. */
  Page(Learning how, Model model, String... resources) {
    this(
        Script::learning,
        tensors -> new Masters(how, WeightNames.of(model), tensors),
        Stream.of(List.of(resources), LEARNING).flatMap(List::stream).toArray(String[]::new));
  }

  private Page(
      BiFunction<PtNDManager, String[], Script> compiler,
      Function<NativeTensors, Masters> masters,
      String... resources) {
    memory = Libtorch.newMemory();
    beside = false;
    try {
      script = compiler.apply(memory, resources);
      tensors = new NativeTensors(memory, script);
      weights = new Weights(tensors, masters.apply(tensors));
    } catch (RuntimeException e) {
      memory.close();
      throw e;
    }
  }

  private Page(Page first) {
    memory = first.memory;
    script = first.script;
    tensors = first.tensors;
    beside = true;
    weights = new Weights(tensors, null);
  }

  /**
   * The same page for a model that shares tensors with this one's: they are held once, in this
   * page's memory. It is closed before this one.
   */
  Page beside() {
    return new Page(this);
  }

  /** The host tensors in its memory. */
  NativeTensors tensors() {
    return tensors;
  }

  /** What the page's methods take between their own arguments and the weights: sizes, norms. */
  void shape(Object... values) {
    shape = values.clone();
  }

  /** A method's own arguments and those that every method of the page takes. */
  Object[] arguments(Object... own) {
    return Weights.concat(Weights.concat(own, shape), weights.arguments());
  }

  /** A method's own arguments and the weights, at whose end the page remembers. */
  Object[] remembered(Object... own) {
    return Weights.concat(own, weights.arguments());
  }

  /** The gradients of the layers that learn, as the page's way back adds to them. */
  IValue gradients() {
    if (gradients == null) {
      gradients = Script.value(weights.masters().gradients());
    }
    return gradients;
  }

  /**
   * Memory for one call, to be closed after it.
   *
   * @throws IllegalStateException if the session was closed
   */
  PtNDManager scratch() {
    if (closed) {
      throw new IllegalStateException("this session is closed: open the model again");
    }
    return (PtNDManager) memory.newSubManager();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      for (Object value : shape) {
        if (value instanceof IValue held) {
          held.close();
        }
      }
      weights.close();
      if (gradients != null) {
        gradients.close();
      }
      if (!beside) {
        script.close();
        memory.close();
        FreedMemory.giveBack();
      }
    }
  }
}
