package io.kerf.notebook;

import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.BaseKernel;

/**
 * What JJava calls as soon as Kerf is on its class path: tables and charts are shown as such from
 * the next cell on.
 */
public final class JjavaExtension implements Extension {
  @Override
  public void install(BaseKernel kernel) {
    new Kernel(Kernel.Api.JJAVA, kernel).registerRenderers();
  }
}
