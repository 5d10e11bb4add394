package io.belfry.sfu.dtls;

import java.io.IOException;
import java.security.SecureRandom;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsCipher;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.TlsDecodeResult;
import org.bouncycastle.tls.crypto.TlsEncodeResult;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/// Bouncy Castle's cryptography, with which a record that is not authentic never ends an
/// association.
///
/// Bouncy Castle drops records with a wrong tag, but answers one that is too short for the cipher,
/// or no multiple of its blocks, with a fatal alert before looking at any tag. Whoever can forge a
/// source address could end every call so; RFC 6347 §4.1.2.7 has all of them dropped.
final class DatagramCrypto extends BcTlsCrypto {

  DatagramCrypto(SecureRandom random) {
    super(random);
  }

  @Override
  public TlsCipher createCipher(
      TlsCryptoParameters parameters, int encryptionAlgorithm, int macAlgorithm)
      throws IOException {
    return new Forgiving(super.createCipher(parameters, encryptionAlgorithm, macAlgorithm));
  }

  /// A cipher whose every refusal is that of a wrong tag.
  private record Forgiving(TlsCipher cipher) implements TlsCipher {
    @Override
    public TlsDecodeResult decodeCiphertext(
        long sequence,
        short recordType,
        ProtocolVersion version,
        byte[] ciphertext,
        int offset,
        int length)
        throws IOException {
      try {
        return cipher.decodeCiphertext(sequence, recordType, version, ciphertext, offset, length);
      } catch (TlsFatalAlert e) {
        throw new TlsFatalAlert(AlertDescription.bad_record_mac, e);
      }
    }

    @Override
    public TlsEncodeResult encodePlaintext(
        long sequence,
        short contentType,
        ProtocolVersion version,
        int headerAllocation,
        byte[] plaintext,
        int offset,
        int length)
        throws IOException {
      return cipher.encodePlaintext(
          sequence, contentType, version, headerAllocation, plaintext, offset, length);
    }

    @Override
    public int getCiphertextDecodeLimit(int plaintextLimit) {
      return cipher.getCiphertextDecodeLimit(plaintextLimit);
    }

    @Override
    public int getCiphertextEncodeLimit(int plaintextLimit) {
      return cipher.getCiphertextEncodeLimit(plaintextLimit);
    }

    @Override
    public int getPlaintextDecodeLimit(int ciphertextLimit) {
      return cipher.getPlaintextDecodeLimit(ciphertextLimit);
    }

    @Override
    public int getPlaintextEncodeLimit(int ciphertextLimit) {
      return cipher.getPlaintextEncodeLimit(ciphertextLimit);
    }

    @Override
    public void rekeyDecoder() throws IOException {
      cipher.rekeyDecoder();
    }

    @Override
    public void rekeyEncoder() throws IOException {
      cipher.rekeyEncoder();
    }

    @Override
    public boolean usesOpaqueRecordTypeDecode() {
      return cipher.usesOpaqueRecordTypeDecode();
    }

    @Override
    public boolean usesOpaqueRecordTypeEncode() {
      return cipher.usesOpaqueRecordTypeEncode();
    }
  }
}
