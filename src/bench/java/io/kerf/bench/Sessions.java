package io.kerf.bench;

import io.kerf.engine.DecoderSession;
import io.kerf.engine.WeightFormat;
import io.kerf.model.Model;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** One causal model in every weight format that takes it, all open at once. */
final class Sessions implements AutoCloseable {
  private final Model model;
  private final Map<WeightFormat, DecoderSession> open = new EnumMap<>(WeightFormat.class);

  Sessions(Model model, WeightFormat... formats) {
    this.model = model;
    for (WeightFormat format : formats) {
      open.put(format, DecoderSession.open(model, format));
    }
  }

  Model model() {
    return model;
  }

  DecoderSession in(WeightFormat format) {
    return open.get(format);
  }

  /** The formats, beginning with another one each round, so that none always comes first. */
  List<WeightFormat> inTurn(int round) {
    List<WeightFormat> formats = new ArrayList<>(open.keySet());
    Collections.rotate(formats, round);
    return formats;
  }

  @Override
  public void close() {
    open.values().forEach(DecoderSession::close);
  }
}
