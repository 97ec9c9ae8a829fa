using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PluginMarket.TestKit;

/// <summary>A private certificate authority and the certificate of a server on this machine.</summary>
internal sealed class TlsAuthority : IDisposable
{
    private readonly X509Certificate2 _authority;

    /// <summary>Makes both, valid for a day; the authority's certificate is written as PEM.</summary>
    public TlsAuthority(ScratchFolder scratch)
    {
        ArgumentNullException.ThrowIfNull(scratch);
        var from = TimeProvider.System.GetUtcNow().AddHours(-1);
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=PluginMarket test authority", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _authority = request.CreateSelfSigned(from, from.AddDays(1));

        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var server = new CertificateRequest("CN=localhost", serverKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        server.CertificateExtensions.Add(names.Build());
        server.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var issued = server.Create(_authority, from, from.AddDays(1), [1, 2, 3, 4]);
        using var withKey = issued.CopyWithPrivateKey(serverKey);
        ServerCertificate = X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
        PemPath = scratch.Write("authority.pem", _authority.ExportCertificatePem() + "\n");
    }

    /// <summary>The file that makes the authority trusted, for GIT_SSL_CAINFO or http.sslCAInfo.</summary>
    public string PemPath { get; }

    /// <summary>The certificate of localhost and 127.0.0.1 with its key.</summary>
    public X509Certificate2 ServerCertificate { get; }

    public void Dispose()
    {
        _authority.Dispose();
        ServerCertificate.Dispose();
    }
}
