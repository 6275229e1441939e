using System.Text.Json.Nodes;
using Threadkeep.Sandbox.Graph;
using Threadkeep.Sandbox.Numbers;

namespace Threadkeep.Sandbox.Signup;

/// <summary>Numbers added and proved over Graph: by hand where the pop-up is not used (Cloud API, "Manual numbers").</summary>
public static class VerificationEndpoints
{
    private const int MostNumbers = 25;

    public static void MapVerification(this RouteGroupBuilder graph)
    {
        graph.MapPost("/{wabaId:digits}/phone_numbers", AddAsync);
        graph.MapPost("/{phoneNumberId:digits}/request_code", RequestAsync);
        graph.MapPost("/{phoneNumberId:digits}/verify_code", VerifyAsync);
    }

    /// <summary>Adds a number that is not proved yet; or why Meta would not.</summary>
    public static (BusinessNumber? Number, GraphError? Error) Add(
        NumberBook numbers,
        string wabaId,
        string digits,
        string name,
        JsonObject? profile = null
    )
    {
        ArgumentNullException.ThrowIfNull(numbers);
        ArgumentNullException.ThrowIfNull(digits);
        if (digits.Length is < 8 or > 15 || !digits.All(char.IsAsciiDigit))
            return (null, GraphError.Of(100, "phone_number must be a number with its country code."));
        var all = numbers.All();
        if (all.Count(n => n.WabaId == wabaId) >= MostNumbers)
            return (null, GraphError.Of(100, $"A WhatsApp Business account holds {MostNumbers} numbers at most."));
        if (all.FirstOrDefault(n => n.Digits == digits) is { } known)
            return known.WabaId == wabaId && !known.Verified
                ? (known, null)
                : (null, GraphError.Of(100, "The number is in use by another WhatsApp Business account."));
        var number = new BusinessNumber(
            GraphIds.Numeric(55),
            wabaId,
            "+" + digits,
            name,
            Registered: false,
            null,
            profile ?? [],
            Verified: false
        );
        numbers.Add(number);
        return (number, null);
    }

    /// <summary>Null: the code was right, and the number is proved.</summary>
    public static GraphError? Verify(NumberBook numbers, CodeBook codes, string phoneNumberId, string digits)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        ArgumentNullException.ThrowIfNull(codes);
        var check = codes.Check(phoneNumberId, digits);
        if (check != CodeCheck.Right)
            return GraphError.Of(
                136025,
                check switch
                {
                    CodeCheck.Wrong => "The code is wrong.",
                    CodeCheck.Expired => "The code has expired: ask for another.",
                    _ => "Too many wrong codes: ask for another.",
                }
            );
        numbers.Change(phoneNumberId, n => n with { Verified = true });
        return null;
    }

    private static async Task<IResult> AddAsync(string wabaId, HttpRequest request, NumberBook numbers)
    {
        if (numbers.FindWaba(wabaId) is null)
            return GraphError.NoSuchObject("POST", wabaId).ToResult();
        var (body, bad) = await GraphBody.ReadAsync(request);
        if (bad is not null)
            return bad.ToResult();
        if (body.Text("verified_name") is not { Length: > 0 } name)
            return GraphError.Of(100, "verified_name is required.").ToResult();
        var (number, error) = Add(numbers, wabaId, body.Text("cc") + body.Text("phone_number"), name);
        return error?.ToResult() ?? GraphResult.Json(new JsonObject { ["id"] = number!.PhoneNumberId });
    }

    private static async Task<IResult> RequestAsync(
        string phoneNumberId,
        HttpRequest request,
        NumberBook numbers,
        CodeBook codes
    )
    {
        if (numbers.Find(phoneNumberId) is null)
            return GraphError.NoSuchObject("POST", phoneNumberId).ToResult();
        var (body, bad) = await GraphBody.ReadAsync(request);
        if (bad is not null)
            return bad.ToResult();
        if (body.Text("code_method") is not ("SMS" or "VOICE"))
            return GraphError.Of(100, "code_method must be SMS or VOICE.").ToResult();
        return codes.Request(phoneNumberId) is null
            ? GraphError.Of(136024, "Too many codes were asked for: wait an hour.").ToResult()
            : GraphResult.Success;
    }

    private static async Task<IResult> VerifyAsync(
        string phoneNumberId,
        HttpRequest request,
        NumberBook numbers,
        CodeBook codes
    )
    {
        if (numbers.Find(phoneNumberId) is null)
            return GraphError.NoSuchObject("POST", phoneNumberId).ToResult();
        var (body, bad) = await GraphBody.ReadAsync(request);
        if (bad is not null)
            return bad.ToResult();
        return Verify(numbers, codes, phoneNumberId, body.Text("code") ?? "")?.ToResult() ?? GraphResult.Success;
    }
}
