package io.kerf.engine;

import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;

/**
 * A page of TorchScript with a model's weights: all that a session holds in native memory, given
 * back by {@link #close}.
 */
final class Page implements AutoCloseable {
  final PtNDManager memory;
  final Script script;
  final Weights weights;
  private final NativeTensors tensors;
  private final boolean beside;
  private Object[] shape = {};
  private boolean closed;

  /** Compiles the named resources of this package as one page; weights are added afterwards. */
  Page(String... resources) {
    memory = Libtorch.newMemory();
    beside = false;
    try {
      script = Script.of(memory, resources);
      tensors = new NativeTensors(memory, script);
      weights = new Weights(tensors);
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
    weights = new Weights(tensors);
  }

  /**
   * The same page for a model that shares tensors with this one's: they are held once, in this
   * page's memory. It is closed before this one.
   */
  Page beside() {
    return new Page(this);
  }

  /** What the page's methods take between their own arguments and the weights: sizes, norms. */
  void shape(Object... values) {
    shape = values.clone();
  }

  /** A method's own arguments and those that every method of the page takes. */
  Object[] arguments(Object... own) {
    return Weights.concat(Weights.concat(own, shape), weights.arguments());
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
      if (!beside) {
        script.close();
        memory.close();
        FreedMemory.giveBack();
      }
    }
  }
}
